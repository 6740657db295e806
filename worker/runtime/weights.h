// The tensors of one checkpoint, asked for by name while a model is built. take() checks name and shape and throws
// Failure(InvalidModelFiles) that names tensor, file, wanted and found shape. The tensors may view a read-only mapping:
// copy or pack what is kept, and never write to them. One thread, while loading.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::worker {

class Weights {
public:
    virtual ~Weights() = default;

    // -1 in the shape accepts any size there.
    virtual at::Tensor take(std::string_view name, std::vector<std::int64_t> shape) = 0;
    [[nodiscard]] virtual bool has(std::string_view name) const = 0;
    // Names that nobody has taken so far.
    [[nodiscard]] virtual std::vector<std::string> unused() const = 0;
};

// The same checkpoint seen below a prefix ("bert.", "roberta.encoder."). Borrows the weights.
class PrefixedWeights final : public Weights {
public:
    PrefixedWeights(Weights& weights, std::string prefix) : m_weights(weights), m_prefix(std::move(prefix)) {}

    at::Tensor take(std::string_view name, std::vector<std::int64_t> shape) override {
        return m_weights.take(m_prefix + std::string(name), std::move(shape));
    }
    [[nodiscard]] bool has(std::string_view name) const override { return m_weights.has(m_prefix + std::string(name)); }
    [[nodiscard]] std::vector<std::string> unused() const override { return m_weights.unused(); }

private:
    Weights& m_weights;
    std::string m_prefix;
};

} // namespace mm::worker
