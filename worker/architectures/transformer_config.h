// What the BERT-like families share when they read config.json and name their tensors. Throws Failure:
// InvalidModelFiles for values that are missing or impossible (the key is named), UnsupportedModel for variants that
// are not implemented.
#pragma once

#include "worker/architectures/classifier_weights.h"
#include "worker/model/json_fields.h"
#include "worker/runtime/transformer/transformer_weights.h"
#include "worker/runtime/weights.h"

#include <nlohmann/json_fwd.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace mm::worker {

kernels::Activation activationNamed(const std::string& name);

// Sizes, activation and epsilon under the names that bert, roberta and mpnet use; positions start at 0.
TransformerShape readShape(const JsonFields& config);
std::int64_t readLayerCount(const JsonFields& config);
// hidden must be divisible by heads; positions must be left for a sequence.
void checkShape(const TransformerShape& shape, const JsonFields& config);
// Refuses decoders and position embeddings other than absolute ones.
void refuseVariants(const JsonFields& config);

// The checkpoint below the first of the prefixes where `known` exists; without a prefix where it exists nowhere.
PrefixedWeights withPrefix(Weights& weights, std::initializer_list<const char*> prefixes, const std::string& known);
LinearWeights takeLinear(Weights& weights, const std::string& name, std::int64_t columns, std::int64_t depth);
// A head of two layers by their names; says what is missing where the checkpoint has none.
ClassifierWeights takeClassifier(Weights& weights, const std::string& dense, kernels::Activation activation,
                                 const std::string& out, std::int64_t hidden, std::int64_t labels);
// The names of roberta, which mpnet shares.
ClassifierWeights takeRobertaClassifier(Weights& weights, std::int64_t hidden, std::int64_t labels);
// Accepts the older names gamma and beta too.
NormWeights takeNorm(Weights& weights, const std::string& name, std::int64_t size);

// What a family calls the parts of a layer, behind "layer.3.".
struct LayerNames {
    const char* query;
    const char* key;
    const char* value;
    const char* attentionOut;
    const char* attentionNorm;
    const char* up;
    const char* down;
    const char* outputNorm;
};
// The first `count` layers, called `prefix` and their number.
std::vector<TransformerLayerWeights> takeLayers(Weights& weights, const std::string& prefix, std::int64_t count,
                                                const LayerNames& names, const TransformerShape& shape);

} // namespace mm::worker
