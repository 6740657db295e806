// Which model families this worker can build, by config.json's "model_type". Filled once by registerAllArchitectures();
// a family is one file pair and one line there. Immutable afterwards, any thread.
#pragma once

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
    using Factory =
        std::function<std::unique_ptr<Encoder>(const nlohmann::json& config, Weights& weights, const EncoderOptions&)>;

    void add(std::string modelType, Factory factory);
    // Throws Failure: UnsupportedModel where the type is unknown, InvalidModelFiles where config or weights are wrong.
    [[nodiscard]] std::unique_ptr<Encoder> create(const nlohmann::json& config, Weights& weights,
                                                  const EncoderOptions& options) const;
    [[nodiscard]] std::vector<std::string> modelTypes() const;

private:
    std::map<std::string, Factory, std::less<>> m_factories;
};

void registerAllArchitectures(ArchitectureRegistry& registry);

} // namespace mm::worker
