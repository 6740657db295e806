#include "worker/runtime/transformer/cpu_transformer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

namespace mm::worker {

namespace {

// Strides are padded away from powers of two, so that the rows of a tile do not fight for the same cache sets.
std::int64_t paddedStride(std::int64_t columns) {
    return (columns + 31) / 32 * 32 + 32;
}

// The feed-forward part goes through its rows in blocks whose wide intermediate stays in the second-level cache.
constexpr std::int64_t kFeedForwardBytes = 1 << 20;

// Where the members share every stage: enough pieces for the free ones to take over from a slow one, each of them worth
// being dealt out.
constexpr int kPiecesEach = 3;
constexpr std::int64_t kFewestRows = 14;

} // namespace

struct CpuTransformer::States {
    LargeMemory memory;
    std::int64_t rows = 0;
    float* x = nullptr;             // the residual stream
    kernels::Bf16* xBf16 = nullptr; // its copy as input of products, where these take bf16
    float* qkv = nullptr;
    void* context = nullptr; // what attention read, per token
    void* wide = nullptr;    // of one feed-forward block
};

struct CpuTransformer::Scratch {
    LargeMemory memory;
    std::int64_t tokens = 0;
    float* attention = nullptr;
    float* widened = nullptr;
};

// Everything below runs on one member of the team, alone or (with a member) sharing every stage with the others.
struct CpuTransformer::Pass {
    CpuTransformer& model;
    const TokenBatch& batch;
    const SequenceGroup& group;
    States& states;
    Scratch& scratch;
    ThreadTeam::Member* member = nullptr;

    const TransformerShape& shape = model.m_shape;
    const kernels::KernelTable& kernels = model.m_kernels;
    std::int64_t firstRow = batch.offsets[static_cast<std::size_t>(group.first)];
    std::int64_t xStride = paddedStride(shape.hidden);
    std::int64_t qkvStride = paddedStride(3 * shape.hidden);
    std::int64_t wideStride = paddedStride(shape.intermediate);

    void run(void* out) {
        embed();
        for (const Layer& layer : model.m_layers) {
            attend(layer);
            feedForward(layer);
        }
        write(out);
    }

    // One stage: work(range) over all of `count`, in one piece or dealt out in more pieces than there are members.
    template <typename Work>
    void stage(std::int64_t count, Work work) const {
        if (member == nullptr)
            return work(Range{0, count});
        const std::int64_t pieces = std::min<std::int64_t>(count, std::int64_t{kPiecesEach} * model.m_team.size());
        member->share(pieces, [&](std::int64_t piece) { work(shareOf(count, piece, pieces)); });
    }

    [[nodiscard]] std::int64_t feedForwardRows() const {
        const std::int64_t rows = kFeedForwardBytes / (wideStride * static_cast<std::int64_t>(sizeof(float)));
        const std::int64_t blocks =
            (group.tokens + std::max<std::int64_t>(rows, 28) - 1) / std::max<std::int64_t>(rows, 28);
        return (group.tokens + blocks - 1) / blocks;
    }

    void embed() const {
        const std::size_t elementSize = model.m_dtype == Dtype::Bf16 ? sizeof(kernels::Bf16) : sizeof(float);
        const auto rowOf = [&](const void* table, std::int64_t row) {
            return static_cast<const std::byte*>(table) + static_cast<std::size_t>(row * shape.hidden) * elementSize;
        };
        stage(group.tokens, [&](Range rows) {
            for (std::int64_t i = rows.begin; i < rows.end; ++i) {
                const auto token = static_cast<std::size_t>(firstRow + i);
                kernels::NormCall call = normCall(i, model.m_embeddingNorm);
                call.bf16Parts = model.m_dtype == Dtype::Bf16;
                call.parts[0] = rowOf(model.m_words, batch.tokens[token]);
                call.parts[1] = rowOf(model.m_positions, model.m_positionRows[token]);
                if (model.m_types != nullptr)
                    call.parts[2] = rowOf(model.m_types, batch.typeIds.empty() ? 0 : batch.typeIds[token]);
                kernels.norm(call);
            }
        });
    }

    [[nodiscard]] kernels::NormCall normCall(std::int64_t row, const Norm& norm) const {
        kernels::NormCall call;
        call.parts[0] = states.x + row * xStride;
        call.size = shape.hidden;
        call.gain = norm.gain;
        call.shift = norm.shift;
        call.epsilon = shape.epsilon;
        call.out = states.x + row * xStride;
        call.outBf16 = model.m_bf16Input ? states.xBf16 + row * xStride : nullptr;
        return call;
    }

    void norm(const Norm& norm, std::int64_t begin, std::int64_t count) const {
        stage(count, [&](Range rows) {
            for (std::int64_t i = begin + rows.begin; i < begin + rows.end; ++i)
                kernels.norm(normCall(i, norm));
        });
    }

    // A product, dealt out by columns, and by rows too where columns alone cannot feed everyone.
    void linear(const PackedMatrix& matrix, kernels::LinearCall call) const {
        call.bf16Input = model.m_bf16Input;
        call.bf16Weights = matrix.bf16;
        call.panels = matrix.panels;
        call.bias = matrix.bias;
        call.depth = matrix.depth;
        call.columns = matrix.columns;
        call.panelEnd = matrix.panelCount;
        if (member == nullptr) {
            call.widened = scratch.widened;
            kernels.linear(call);
            return;
        }
        const std::int64_t pieces = std::int64_t{kPiecesEach} * model.m_team.size();
        const std::int64_t columnParts = std::min(pieces, matrix.panelCount);
        const std::int64_t rowParts =
            std::clamp<std::int64_t>(call.rows / kFewestRows, 1, (pieces + columnParts - 1) / columnParts);
        member->share(columnParts * rowParts, [&](std::int64_t piece) {
            linearPiece(call, shareOf(matrix.panelCount, piece % columnParts, columnParts),
                        shareOf(call.rows, piece / columnParts, rowParts));
        });
    }

    void linearPiece(kernels::LinearCall call, Range panels, Range rows) const {
        const std::int64_t inputSize = model.m_bf16Input ? sizeof(kernels::Bf16) : sizeof(float);
        const std::int64_t outputSize = call.bf16Output ? sizeof(kernels::Bf16) : sizeof(float);
        call.a = static_cast<const std::byte*>(call.a) + rows.begin * call.aStride * inputSize;
        call.out = static_cast<std::byte*>(call.out) + rows.begin * call.outStride * outputSize;
        if (call.residual != nullptr)
            call.residual += rows.begin * call.residualStride;
        call.rows = rows.end - rows.begin;
        call.panelBegin = panels.begin;
        call.panelEnd = panels.end;
        call.widened = scratch.widened;
        kernels.linear(call);
    }

    // The rows of x from `row` on, as input of a product.
    [[nodiscard]] const void* input(std::int64_t row) const {
        if (model.m_bf16Input)
            return states.xBf16 + row * xStride;
        return states.x + row * xStride;
    }

    [[nodiscard]] kernels::LinearCall ontoResidual(std::int64_t row, std::int64_t rows) const {
        kernels::LinearCall call;
        call.rows = rows;
        call.residual = states.x + row * xStride;
        call.residualStride = xStride;
        call.out = states.x + row * xStride;
        call.outStride = xStride;
        return call;
    }

    void attend(const Layer& layer) const {
        kernels::LinearCall qkv;
        qkv.a = input(0);
        qkv.aStride = xStride;
        qkv.rows = group.tokens;
        qkv.out = states.qkv;
        qkv.outStride = qkvStride;
        linear(layer.qkv, qkv);
        heads();
        kernels::LinearCall back = ontoResidual(0, group.tokens);
        back.a = states.context;
        back.aStride = xStride;
        linear(layer.attentionOut, back);
        norm(layer.attentionNorm, 0, group.tokens);
    }

    void heads() const {
        const std::int64_t headSize = shape.hidden / shape.heads;
        const std::int64_t biasRow = 2 * usablePositions(shape) - 1;
        stage((group.last - group.first) * shape.heads, [&](Range range) {
            for (std::int64_t i = range.begin; i < range.end; ++i) {
                const auto sequence = static_cast<std::size_t>(group.first + i / shape.heads);
                const std::int64_t head = i % shape.heads;
                const std::int64_t row = batch.offsets[sequence] - firstRow;
                const std::int64_t at = row * xStride + head * headSize;
                kernels::AttentionCall call;
                call.q = states.qkv + row * qkvStride + head * headSize;
                call.k = call.q + shape.hidden;
                call.v = call.k + shape.hidden;
                call.stride = qkvStride;
                call.tokens = batch.offsets[sequence + 1] - batch.offsets[sequence];
                call.headSize = headSize;
                call.scale = 1.0F / std::sqrt(static_cast<float>(headSize));
                if (!model.m_relativeBias.empty())
                    call.relativeBias = model.m_relativeBias.data() + head * biasRow + usablePositions(shape) - 1;
                call.bf16Output = model.m_bf16Input;
                call.out = model.m_bf16Input ? static_cast<void*>(static_cast<kernels::Bf16*>(states.context) + at)
                                             : static_cast<void*>(static_cast<float*>(states.context) + at);
                call.outStride = xStride;
                call.scratch = scratch.attention;
                kernels.attention(call);
            }
        });
    }

    void feedForward(const Layer& layer) const {
        const std::int64_t blockRows = feedForwardRows();
        for (std::int64_t row = 0; row < group.tokens; row += blockRows) {
            const std::int64_t rows = std::min<std::int64_t>(blockRows, group.tokens - row);
            kernels::LinearCall up;
            up.a = input(row);
            up.aStride = xStride;
            up.rows = rows;
            up.activation = shape.activation;
            up.out = states.wide;
            up.bf16Output = model.m_bf16Input;
            up.outStride = wideStride;
            linear(layer.up, up);
            kernels::LinearCall down = ontoResidual(row, rows);
            down.a = states.wide;
            down.aStride = wideStride;
            linear(layer.down, down);
            norm(layer.outputNorm, row, rows);
        }
    }

    void write(void* out) const {
        stage(group.tokens, [&](Range rows) {
            for (std::int64_t i = rows.begin; i < rows.end; ++i) {
                const std::int64_t at = (firstRow + i) * shape.hidden;
                if (model.m_dtype == Dtype::Bf16)
                    kernels.toBf16(states.x + i * xStride, static_cast<kernels::Bf16*>(out) + at, shape.hidden);
                else
                    std::memcpy(static_cast<float*>(out) + at, states.x + i * xStride,
                                static_cast<std::size_t>(shape.hidden) * sizeof(float));
            }
        });
    }

    // Makes room for the group; on the caller's thread, before the team starts.
    static void prepare(const CpuTransformer& model, States& states, std::int64_t rows) {
        if (rows <= states.rows)
            return;
        const TransformerShape& shape = model.m_shape;
        const std::int64_t xSize = rows * paddedStride(shape.hidden);
        const std::int64_t inputSize = model.m_bf16Input ? sizeof(kernels::Bf16) : sizeof(float);
        states.memory.release();
        states.x = states.memory.takeArray<float>(xSize);
        states.xBf16 = model.m_bf16Input ? states.memory.takeArray<kernels::Bf16>(xSize) : nullptr;
        states.qkv = states.memory.takeArray<float>(rows * paddedStride(3 * shape.hidden));
        states.context = states.memory.take(static_cast<std::size_t>(xSize * inputSize));
        states.wide = states.memory.take(static_cast<std::size_t>(rows * paddedStride(shape.intermediate) * inputSize));
        states.rows = rows;
    }

    static void prepare(const CpuTransformer& model, Scratch& scratch, std::int64_t tokens) {
        if (tokens <= scratch.tokens)
            return;
        const TransformerShape& shape = model.m_shape;
        scratch.memory.release();
        scratch.attention =
            scratch.memory.takeArray<float>(model.m_kernels.attentionScratch(tokens, shape.hidden / shape.heads));
        const std::int64_t deepest = std::max(shape.hidden, shape.intermediate) + 1;
        scratch.widened = scratch.memory.takeArray<float>(deepest * model.m_kernels.panelWidth);
        scratch.tokens = tokens;
    }
};

CpuTransformer::CpuTransformer(const TransformerWeights& weights, Dtype dtype, int threads)
    : m_kernels(kernels::bestKernels())
    , m_shape(weights.shape)
    , m_dtype(dtype)
    , m_bf16Input(dtype == Dtype::Bf16 && kernels::bf16DotPays(m_kernels))
    , m_team(threads) {
    const auto packNorm = [&](const NormWeights& norm) {
        return Norm{packFloats(norm.gain, m_memory), packFloats(norm.shift, m_memory)};
    };
    const auto pack = [&](std::initializer_list<LinearWeights> layers) {
        return packLinear({layers.begin(), layers.size()}, dtype, m_kernels, m_memory);
    };
    m_words = packRows(weights.words, dtype, m_kernels, m_memory);
    m_positions = packRows(weights.positions, dtype, m_kernels, m_memory);
    if (weights.types.defined())
        m_types = packRows(weights.types, dtype, m_kernels, m_memory);
    m_embeddingNorm = packNorm(weights.embeddingNorm);
    for (const TransformerLayerWeights& layer : weights.layers)
        m_layers.push_back({pack({layer.query, layer.key, layer.value}), pack({layer.attentionOut}), pack({layer.up}),
                            pack({layer.down}), packNorm(layer.attentionNorm), packNorm(layer.outputNorm)});
    if (weights.relativeBias.defined())
        packRelativeBias(weights.relativeBias);
    for (int i = 0; i < m_team.size(); ++i) {
        m_states.push_back(std::make_unique<States>());
        m_scratch.push_back(std::make_unique<Scratch>());
    }
}

CpuTransformer::~CpuTransformer() = default;

void CpuTransformer::packRelativeBias(const at::Tensor& bias) {
    LargeMemory memory;
    const float* values = packFloats(bias, memory);
    const std::int64_t buckets = bias.size(0);
    const std::int64_t longest = usablePositions(m_shape);
    m_relativeBias.reserve(static_cast<std::size_t>(m_shape.heads * (2 * longest - 1)));
    for (std::int64_t head = 0; head < m_shape.heads; ++head)
        for (std::int64_t distance = 1 - longest; distance < longest; ++distance)
            m_relativeBias.push_back(
                values[relativeBucket(distance, buckets, m_shape.relativeDistance) * m_shape.heads + head]);
}

void CpuTransformer::run(const TokenBatch& batch, void* out) {
    const GroupPlan plan = planGroups(batch.offsets, m_team.size());
    std::int64_t longest = 0;
    m_positionRows.resize(batch.tokens.size());
    for (std::size_t i = 0; i + 1 < batch.offsets.size(); ++i) {
        const std::int64_t length = batch.offsets[i + 1] - batch.offsets[i];
        positionRows(m_shape, batch.tokens.data() + batch.offsets[i], length, m_positionRows.data() + batch.offsets[i]);
        longest = std::max(longest, length);
    }
    for (std::size_t i = 0; i < m_scratch.size(); ++i) {
        Pass::prepare(*this, *m_scratch[i], longest);
        if (i == 0 || !plan.together)
            Pass::prepare(*this, *m_states[i], plan.groups.front().tokens);
    }
    std::atomic<std::size_t> next{0};
    auto work = [&](ThreadTeam::Member& member) {
        Scratch& scratch = *m_scratch[static_cast<std::size_t>(member.index())];
        if (plan.together) {
            for (const SequenceGroup& group : plan.groups)
                Pass{*this, batch, group, *m_states.front(), scratch, &member}.run(out);
            return;
        }
        States& states = *m_states[static_cast<std::size_t>(member.index())];
        for (std::size_t i = next++; i < plan.groups.size(); i = next++)
            Pass{*this, batch, plan.groups[i], states, scratch}.run(out);
    };
    m_team.run(work);
}

} // namespace mm::worker
