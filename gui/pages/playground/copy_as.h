// A request as a text that does the same elsewhere: in a shell, in Python, over gRPC. Pure.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <QJsonObject>
#include <QString>

#include <string>

namespace mm::gui {

// Where the engine is asked; a key is named by a variable of the environment and never written out.
struct Addresses {
    std::string rest; // "127.0.0.1:8000"
    std::string grpc;
    bool needsKey = false;
};

// As a caller elsewhere writes it: where the engine listens on all addresses, by the host that the console knows.
std::string reachable(const std::string& listens, const std::string& known);

// The body for POST /api/v1/infer/{model_id}.
QJsonObject restBodyOf(const modelmora::v1::InferenceRequest& request);
QString curlOf(const modelmora::v1::InferenceRequest& request, const Addresses& at);
QString pythonOf(const modelmora::v1::InferenceRequest& request, const Addresses& at);
QString grpcurlOf(const modelmora::v1::InferenceRequest& request, const Addresses& at);

// For people to read: indented, fields by their names, unset ones left out.
QString jsonOf(const google::protobuf::Message& message);

} // namespace mm::gui
