// What the metadata of a request's parts is together: the same as that of one answer to the whole. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

namespace mm::inference {

// Counts are summed; the whole waited as long as its first part, with which `sum` begins; its parts overlap, so that
// their times in the worker are scaled to what is left of `totalMs`.
void addMetadata(const modelmora::v1::InferenceMetadata& part, modelmora::v1::InferenceMetadata& sum);
void fitTimes(double totalMs, modelmora::v1::InferenceMetadata& sum);

} // namespace mm::inference
