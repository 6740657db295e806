// The engine's answer as the tensors that were asked for. Pure, any thread.
#pragma once

#include "engine/dialects/oip/infer_call.h"
#include "modelmora/v1/inference.pb.h"

#include <vector>

namespace mm::dialects::oip {

// All that the answer holds, or those that the call names in its order. The tensors may point into the response.
// InvalidInput for a name that this answer does not have.
Result<std::vector<OutputTensor>> outputTensors(const modelmora::v1::InferenceResponse& response,
                                                const InferCall& call);

} // namespace mm::dialects::oip
