// One GenerateEmbeddingStream call: tells where its request stands, and ends with the answer. Any thread; lives as long
// as replies may come.
#pragma once

#include "engine/grpc/call/answer_stream.h"
#include "engine/grpc/call/rpc.h"
#include "miraveja/model_inference.pb.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>

namespace mm::grpc_face {

class StatusCall : public std::enable_shared_from_this<StatusCall> {
public:
    StatusCall(Face face, std::shared_ptr<AnswerSink> sink, service::CallContext call);

    void start(modelmora::v1::InferenceRequest&& request);

private:
    void tell(InferenceStatus&& status);
    void finish(const Result<service::InferenceService::Response>& result);

    Face m_face;
    std::shared_ptr<AnswerSink> m_sink;
    service::CallContext m_call;
};

} // namespace mm::grpc_face
