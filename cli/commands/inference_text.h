// What a model answered, shortened for people: a line for each input with its embedding, score or labels, and where the
// time went. Pure.
#pragma once

#include "cli/output/terminal.h"
#include "modelmora/v1/inference.pb.h"

#include <string>
#include <vector>

namespace mm::cli {

namespace v1 = modelmora::v1;

// Joins answers of one request that went in several: outputs one after the other; of the times the sum, of everything
// else the first.
void appendInference(v1::InferenceResponse part, v1::InferenceResponse& all);

// `bestFirst`: scores in their own order instead of that of the inputs.
std::string describeInference(const v1::InferenceResponse& response, const std::vector<std::string>& inputs,
                              bool bestFirst, const Terminal& terminal);

// Where a request's time went, on one line.
std::string describeTimes(const v1::InferenceMetadata& data);

} // namespace mm::cli
