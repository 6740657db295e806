// A text encoder: packed token ids in, the last layer's state of every token out. Sequences lie end to end without
// padding. An instance belongs to its model and runs one encode() at a time (it keeps scratch memory and its threads).
// encode() throws Failure(InvalidInput) for ids or lengths outside the model, before any arithmetic.
#pragma once

#include "worker/runtime/device.h"
#include "worker/runtime/dtype.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace mm::worker {

struct PackedBatch {
    std::vector<std::int32_t> tokens;
    std::vector<std::int32_t> offsets; // sequences + 1 entries, from 0 to tokens.size(); no empty sequence
    std::vector<std::int32_t> typeIds; // as long as tokens, or empty: all 0
};

struct EncoderOptions {
    Dtype dtype = Dtype::Fp32;
    int threads = 1;
    c10::Device device = c10::Device(c10::DeviceType::CPU);
};

class Encoder {
public:
    virtual ~Encoder() = default;

    // [tokens, hiddenSize] in the compute type, on the model's device.
    virtual at::Tensor encode(const PackedBatch& batch) = 0;

    [[nodiscard]] virtual int hiddenSize() const = 0;
    // Usable positions: the longest sequence, special tokens counted.
    [[nodiscard]] virtual int maxTokens() const = 0;
    [[nodiscard]] virtual int vocabularySize() const = 0;
    // Token types that it tells apart; 0 where it knows none.
    [[nodiscard]] virtual int tokenTypes() const = 0;
    // What the model's own copies of the weights occupy.
    [[nodiscard]] virtual std::int64_t parameterBytes() const = 0;
};

} // namespace mm::worker
