#include "worker/architectures/roberta.h"

#include "worker/architectures/bert.h"
#include "worker/architectures/transformer_config.h"
#include "worker/architectures/transformer_encoder.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

namespace {

std::unique_ptr<Encoder> createRoberta(const nlohmann::json& json, Weights& weights, const EncoderOptions& options) {
    const JsonFields config(json, "config.json");
    refuseVariants(config);
    TransformerShape shape = readShape(config);
    shape.types = config.size("type_vocab_size").value_or(2);
    shape.paddingToken = config.integer("pad_token_id").value_or(1);
    if (shape.paddingToken < 0 || shape.paddingToken >= shape.positions)
        config.refuse("pad_token_id", "is no position, but positions start after it");
    shape.firstPosition = shape.paddingToken + 1;
    checkShape(shape, config);
    PrefixedWeights own = withPrefix(weights, {"", "roberta."}, "embeddings.word_embeddings.weight");
    return makeTransformerEncoder(takeBertWeights(own, shape, readLayerCount(config)), options);
}

} // namespace

void registerRoberta(ArchitectureRegistry& registry) {
    registry.add("roberta", {createRoberta, takeRobertaClassifier});
    registry.add("xlm-roberta", {createRoberta, takeRobertaClassifier});
}

} // namespace mm::worker
