// What the answers of a request's windows are together: the same as one answer to the whole. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <memory>
#include <vector>

namespace mm::rest {

using SharedResponse = std::shared_ptr<const modelmora::v1::InferenceResponse>;

// Counts are summed; the whole waited as long as its first window; its windows overlap, so that their times in the
// worker are scaled to what is left of `totalMs`. Of the outputs nothing.
void addMetadata(const modelmora::v1::InferenceMetadata& window, modelmora::v1::InferenceMetadata& sum);
void fitTimes(double totalMs, modelmora::v1::InferenceMetadata& sum);

// All outputs, in their order; they are of one kind, as one model gives them. `parts` is not empty.
void joinOutputs(const std::vector<SharedResponse>& parts, modelmora::v1::OutputData& out);

} // namespace mm::rest
