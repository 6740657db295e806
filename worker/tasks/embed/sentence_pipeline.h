// From the states of packed tokens to one fp32 vector per sequence: pooling in all its modes, then the dense and norm
// layers that modules.json lists. A closing Normalize is left to the request, which may cut the vector before.
// Belongs to its model; compute thread. create() throws Failure(InvalidModelFiles) naming file and tensor.
#pragma once

#include "worker/model/sentence_modules.h"
#include "worker/tasks/encoder/encoder_head.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace mm::worker {

class SentencePipeline final : public EncoderHead {
public:
    static std::unique_ptr<SentencePipeline> create(const SentenceModules& modules, int hiddenSize);

    // A prompt's tokens are left out of the pooling.
    [[nodiscard]] at::Tensor run(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                                 std::span<const std::int32_t> promptTokens) const override;
    [[nodiscard]] int width() const override { return m_dimension; }
    [[nodiscard]] std::int64_t parameters() const override { return m_parameters; }

private:
    using Layer = std::function<at::Tensor(at::Tensor)>;

    void addDense(const DenseModule& module);
    void addLayerNorm(const LayerNormModule& module);
    void checkWidth(const std::filesystem::path& folder, int width) const;

    std::vector<PoolingMode> m_modes;
    std::vector<Layer> m_layers;
    int m_dimension = 0;
    std::int64_t m_parameters = 0;
};

} // namespace mm::worker
