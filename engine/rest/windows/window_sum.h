// What the outputs of a request's windows are together: the same as those of one answer to the whole. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <memory>
#include <vector>

namespace mm::rest {

using SharedResponse = std::shared_ptr<const modelmora::v1::InferenceResponse>;

// All outputs, in their order; they are of one kind, as one model gives them. `parts` is not empty.
void joinOutputs(const std::vector<SharedResponse>& parts, modelmora::v1::OutputData& out);

} // namespace mm::rest
