// What a folder says about its classification head: the labels, and what makes scores of its logits, for labels as
// transformers does it and for pairs as sentence-transformers' CrossEncoder does. Plain value.
// readClassifierConfig() throws Failure naming file and field: InvalidModelFiles for what contradicts itself,
// UnsupportedModel for functions that cannot be computed.
#pragma once

#include "worker/model/model_folder.h"

#include <string>
#include <vector>

namespace mm::worker {

enum class ScoreFunction { None, Sigmoid, Softmax };

struct ClassifierConfig {
    // In the order of the head's outputs; at least one.
    std::vector<std::string> labels;
    ScoreFunction classification = ScoreFunction::Softmax;
    ScoreFunction scoring = ScoreFunction::Sigmoid;
};

ClassifierConfig readClassifierConfig(const ModelFolder& folder);

} // namespace mm::worker
