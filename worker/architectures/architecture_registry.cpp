#include "worker/architectures/architecture_registry.h"

#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

void ArchitectureRegistry::add(std::string modelType, Factory factory) {
    m_factories.insert_or_assign(std::move(modelType), std::move(factory));
}

std::unique_ptr<Encoder> ArchitectureRegistry::create(const nlohmann::json& config, Weights& weights,
                                                      const EncoderOptions& options) const {
    const auto type = config.is_object() ? config.find("model_type") : config.end();
    if (type == config.end() || !type->is_string())
        throw Failure(ErrorCode::InvalidModelFiles, "config.json: model_type is missing or not a text");
    const auto factory = m_factories.find(type->get<std::string>());
    if (factory == m_factories.end())
        throw Failure(ErrorCode::UnsupportedModel,
                      "config.json: there is no encoder for model_type '" + type->get<std::string>() +
                          "' in this worker",
                      {{"model_type", type->get<std::string>()}, {"known", modelTypes()}});
    return factory->second(config, weights, options);
}

std::vector<std::string> ArchitectureRegistry::modelTypes() const {
    std::vector<std::string> types;
    for (const auto& [type, factory] : m_factories)
        types.push_back(type);
    return types;
}

} // namespace mm::worker
