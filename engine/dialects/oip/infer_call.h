// An infer request of either face, and what it becomes: the engine's own InferenceRequest. Pure, any thread.
#pragma once

#include "engine/dialects/oip/tensor.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <string>
#include <vector>

namespace mm::dialects::oip {

struct InferCall {
    std::string model; // "org/repo" or "org/repo@version"
    std::string id;    // the client's own, which only comes back; empty: none
    google::protobuf::Struct parameters;
    std::vector<InputTensor> inputs;
    std::vector<RequestedOutput> outputs; // empty: all
    bool allBinary = false;               // of outputs that are not named
};

// "org/repo@version"; without a version the model's own. InvalidInput where both parts name different ones.
Result<std::string> versionedModel(const std::string& name, const std::string& version);

// Takes the inputs' texts and the parameters out of the call. Fails with what is wrong, named by tensor: unknown or
// missing ones, datatype, shape, too few or too many elements, text that is not UTF-8.
Result<modelmora::v1::InferenceRequest> toInferenceRequest(InferCall& call, const modelmora::v1::Model& model);

} // namespace mm::dialects::oip
