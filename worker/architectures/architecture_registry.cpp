#include "worker/architectures/architecture_registry.h"

#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

void ArchitectureRegistry::add(std::string modelType, Family family) {
    m_families.insert_or_assign(std::move(modelType), std::move(family));
}

const ArchitectureRegistry::Family& ArchitectureRegistry::familyOf(const nlohmann::json& config) const {
    const auto type = config.is_object() ? config.find("model_type") : config.end();
    if (type == config.end() || !type->is_string())
        throw Failure(ErrorCode::InvalidModelFiles, "config.json: model_type is missing or not a text");
    const auto family = m_families.find(type->get<std::string>());
    if (family == m_families.end())
        throw Failure(ErrorCode::UnsupportedModel,
                      "config.json: there is no encoder for model_type '" + type->get<std::string>() +
                          "' in this worker",
                      {{"model_type", type->get<std::string>()}, {"known", modelTypes()}});
    return family->second;
}

std::unique_ptr<Encoder> ArchitectureRegistry::create(const nlohmann::json& config, Weights& weights,
                                                      const EncoderOptions& options) const {
    return familyOf(config).encoder(config, weights, options);
}

ClassifierWeights ArchitectureRegistry::takeClassifier(const nlohmann::json& config, Weights& weights,
                                                       std::int64_t hidden, std::int64_t labels) const {
    return familyOf(config).classifier(weights, hidden, labels);
}

std::vector<std::string> ArchitectureRegistry::modelTypes() const {
    std::vector<std::string> types;
    for (const auto& [type, family] : m_families)
        types.push_back(type);
    return types;
}

} // namespace mm::worker
