// Which model families this worker can build, by config.json's "model_type". Filled once by registerAllArchitectures();
// a family is one file pair and one line there. Immutable afterwards, any thread.
#pragma once

#include "worker/architectures/classifier_weights.h"
#include "worker/architectures/encoder.h"
#include "worker/runtime/weights.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mm::worker {

class ArchitectureRegistry {
public:
    struct Family {
        std::function<std::unique_ptr<Encoder>(const nlohmann::json& config, Weights& weights, const EncoderOptions&)>
            encoder;
        std::function<ClassifierWeights(Weights& weights, std::int64_t hidden, std::int64_t labels)> classifier;
    };

    void add(std::string modelType, Family family);
    // Both throw Failure: UnsupportedModel where the type is unknown, InvalidModelFiles where config or weights are
    // wrong.
    [[nodiscard]] std::unique_ptr<Encoder> create(const nlohmann::json& config, Weights& weights,
                                                  const EncoderOptions& options) const;
    [[nodiscard]] ClassifierWeights takeClassifier(const nlohmann::json& config, Weights& weights, std::int64_t hidden,
                                                   std::int64_t labels) const;
    [[nodiscard]] std::vector<std::string> modelTypes() const;

private:
    [[nodiscard]] const Family& familyOf(const nlohmann::json& config) const;

    std::map<std::string, Family, std::less<>> m_families;
};

void registerAllArchitectures(ArchitectureRegistry& registry);

} // namespace mm::worker
