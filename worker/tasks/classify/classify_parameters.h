// What a request asks of a classification or a score: raw numbers or the model's function of them, how many labels, cut
// or not. Pure, any thread. parseClassifyParameters() throws Failure(ValidationError) that names the parameter.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <optional>

namespace mm::worker {

struct ClassifyParameters {
    // The model's own numbers, without softmax or sigmoid.
    bool rawScores = false;
    // The best so many labels; unset: all of them.
    std::optional<int> topK;
    // False: an input over the limit is refused instead of cut.
    bool truncate = true;
};

// `whose` is for refusals: "classifications", "scores".
ClassifyParameters parseClassifyParameters(const google::protobuf::Struct& parameters, int labels, const char* whose);

} // namespace mm::worker
