// A family's published classification head over the state of each sequence's first token, in fp32 on the CPU whatever
// the encoder computes in: its logits decide, and it is small. Belongs to its model; compute thread.
#pragma once

#include "worker/architectures/classifier_weights.h"
#include "worker/tasks/encoder/encoder_head.h"

namespace mm::worker {

class ClassificationHead final : public EncoderHead {
public:
    explicit ClassificationHead(const ClassifierWeights& weights);

    [[nodiscard]] at::Tensor run(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                                 std::span<const std::int32_t> promptTokens) const override;
    [[nodiscard]] int width() const override { return static_cast<int>(m_weights.out.weight.size(0)); }
    [[nodiscard]] std::int64_t parameters() const override;

private:
    ClassifierWeights m_weights;
};

} // namespace mm::worker
