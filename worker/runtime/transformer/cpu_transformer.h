// A BERT-like encoder on the CPU: own packed weights, own threads, own scratch memory, no allocation in the steady
// state and no tensor library on the way. Sequences are packed end to end. States are kept in fp32; with bf16 the
// weights are bf16 and, where this CPU multiplies bf16 pairs fast, so are the inputs of the products. One run() at a
// time; sizes and ids are the caller's to check.
#pragma once

#include "worker/runtime/thread_team.h"
#include "worker/runtime/transformer/group_plan.h"
#include "worker/runtime/transformer/transformer_weights.h"

#include <memory>
#include <span>
#include <vector>

namespace mm::worker {

struct TokenBatch {
    std::span<const std::int32_t> tokens;
    std::span<const std::int32_t> offsets;
    std::span<const std::int32_t> typeIds; // or empty
};

class CpuTransformer {
public:
    CpuTransformer(const TransformerWeights& weights, Dtype dtype, int threads);
    ~CpuTransformer();

    // out: [tokens, hidden] floats, or bf16 where the dtype is.
    void run(const TokenBatch& batch, void* out);

    [[nodiscard]] std::int64_t parameterBytes() const { return m_memory.bytes(); }

private:
    struct Norm {
        const float* gain;
        const float* shift;
    };
    struct Layer {
        PackedMatrix qkv, attentionOut, up, down;
        Norm attentionNorm, outputNorm;
    };
    struct States;  // of one group of sequences
    struct Scratch; // of one thread
    struct Pass;    // one group on its way through the model

    void packRelativeBias(const at::Tensor& bias);

    const kernels::KernelTable& m_kernels;
    TransformerShape m_shape;
    Dtype m_dtype;
    bool m_bf16Input;
    LargeMemory m_memory;
    std::vector<Layer> m_layers;
    const void* m_words = nullptr;
    const void* m_positions = nullptr;
    const void* m_types = nullptr;
    Norm m_embeddingNorm{};
    std::vector<float> m_relativeBias; // [heads][2 * longest - 1]
    ThreadTeam m_team;
    std::vector<std::int32_t> m_positionRows;
    std::vector<std::unique_ptr<States>> m_states;   // one per thread
    std::vector<std::unique_ptr<Scratch>> m_scratch; // one per thread
};

} // namespace mm::worker
