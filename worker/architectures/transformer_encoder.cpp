#include "worker/architectures/transformer_encoder.h"

#include "worker/runtime/failure.h"
#include "worker/runtime/transformer/aten_transformer.h"
#include "worker/runtime/transformer/cpu_transformer.h"

#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <string>

namespace mm::worker {

namespace {

[[noreturn]] void refuse(std::string message, Facts facts = {}) {
    throw Failure(ErrorCode::InvalidInput, std::move(message), std::move(facts));
}

void checkRange(const std::vector<std::int32_t>& ids, std::int64_t end, const char* what) {
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] < 0 || ids[i] >= end)
            refuse(std::string(what) + " " + std::to_string(ids[i]) + " at token " + std::to_string(i) +
                       " is outside the model's " + std::to_string(end),
                   {{"value", std::int64_t{ids[i]}}, {"limit", end}});
}

void checkBatch(const PackedBatch& batch, const TransformerShape& shape) {
    if (batch.tokens.empty())
        refuse("there is nothing to encode: the batch has no tokens");
    const bool framed = batch.offsets.size() >= 2 && batch.offsets.front() == 0 &&
                        batch.offsets.back() == static_cast<std::int64_t>(batch.tokens.size());
    if (!framed || (!batch.typeIds.empty() && batch.typeIds.size() != batch.tokens.size()))
        refuse("the batch's offsets or type ids do not match its tokens");
    for (std::size_t i = 0; i + 1 < batch.offsets.size(); ++i) {
        const std::int64_t length = std::int64_t{batch.offsets[i + 1]} - batch.offsets[i];
        if (length <= 0)
            refuse("sequence " + std::to_string(i) + " is empty");
        if (length > usablePositions(shape))
            refuse("sequence " + std::to_string(i) + " has " + std::to_string(length) + " tokens, the model takes " +
                       std::to_string(usablePositions(shape)),
                   {{"tokens", length}, {"limit", usablePositions(shape)}});
    }
    checkRange(batch.tokens, shape.vocabulary, "token id");
    if (shape.types > 0)
        checkRange(batch.typeIds, shape.types, "token type");
}

TokenBatch view(const PackedBatch& batch) {
    return {batch.tokens, batch.offsets, batch.typeIds};
}

class TransformerEncoder : public Encoder {
public:
    explicit TransformerEncoder(const TransformerShape& shape) : m_shape(shape) {}

    at::Tensor encode(const PackedBatch& batch) final {
        const c10::InferenceMode inference;
        checkBatch(batch, m_shape);
        return run(view(batch));
    }
    [[nodiscard]] int hiddenSize() const final { return static_cast<int>(m_shape.hidden); }
    [[nodiscard]] int maxTokens() const final { return static_cast<int>(usablePositions(m_shape)); }
    [[nodiscard]] int vocabularySize() const final { return static_cast<int>(m_shape.vocabulary); }
    [[nodiscard]] int tokenTypes() const final { return static_cast<int>(m_shape.types); }

protected:
    virtual at::Tensor run(const TokenBatch& batch) = 0;

    TransformerShape m_shape;
};

class CpuEncoder final : public TransformerEncoder {
public:
    CpuEncoder(const TransformerWeights& weights, const EncoderOptions& options)
        : TransformerEncoder(weights.shape)
        , m_type(options.dtype == Dtype::Bf16 ? at::kBFloat16 : at::kFloat)
        , m_transformer(weights, options.dtype, options.threads) {}

    [[nodiscard]] std::int64_t parameterBytes() const override { return m_transformer.parameterBytes(); }

protected:
    at::Tensor run(const TokenBatch& batch) override {
        at::Tensor out = at::empty({static_cast<std::int64_t>(batch.tokens.size()), m_shape.hidden},
                                   at::TensorOptions().dtype(m_type));
        m_transformer.run(batch, out.mutable_data_ptr());
        return out;
    }

private:
    c10::ScalarType m_type;
    CpuTransformer m_transformer;
};

class DeviceEncoder final : public TransformerEncoder {
public:
    DeviceEncoder(const TransformerWeights& weights, const EncoderOptions& options)
        : TransformerEncoder(weights.shape), m_transformer(weights, options.dtype, options.device) {}

    [[nodiscard]] std::int64_t parameterBytes() const override { return m_transformer.parameterBytes(); }

protected:
    at::Tensor run(const TokenBatch& batch) override { return m_transformer.run(batch); }

private:
    AtenTransformer m_transformer;
};

} // namespace

std::unique_ptr<Encoder> makeTransformerEncoder(const TransformerWeights& weights, const EncoderOptions& options) {
    const c10::InferenceMode inference;
    if (options.device.is_cpu())
        return std::make_unique<CpuEncoder>(weights, options);
    return std::make_unique<DeviceEncoder>(weights, options);
}

} // namespace mm::worker
