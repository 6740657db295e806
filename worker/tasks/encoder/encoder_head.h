// What stands on an encoder: from the states of packed tokens to one row of numbers for each sequence. Belongs to its
// model; compute thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace mm::worker {

class EncoderHead {
public:
    virtual ~EncoderHead() = default;

    // hidden [tokens, hidden size]; offsets of the sequences, one more than there are; for each sequence the tokens of
    // its prompt. Gives fp32 [sequences, width], contiguous, on the CPU.
    [[nodiscard]] virtual at::Tensor run(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                                         std::span<const std::int32_t> promptTokens) const = 0;
    [[nodiscard]] virtual int width() const = 0;
    // Its own weights, kept in fp32.
    [[nodiscard]] virtual std::int64_t parameters() const = 0;
};

} // namespace mm::worker
