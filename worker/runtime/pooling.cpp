#include "worker/runtime/pooling.h"

#include "worker/runtime/failure.h"
#include "worker/runtime/kernels/kernel_table.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace mm::worker {

namespace {

// Rows of states as floats, converted where they are bf16.
class RowReader {
public:
    RowReader(const at::Tensor& hidden, const kernels::KernelTable& table)
        : m_table(table)
        , m_dim(hidden.size(1))
        , m_floats(hidden.scalar_type() == at::kFloat ? hidden.const_data_ptr<float>() : nullptr)
        , m_halves(m_floats == nullptr ? static_cast<const kernels::Bf16*>(hidden.const_data_ptr()) : nullptr)
        , m_row(m_floats == nullptr ? static_cast<std::size_t>(m_dim) : 0) {}

    const float* row(std::int64_t index) {
        if (m_floats != nullptr)
            return m_floats + index * m_dim;
        m_table.toFloat(m_halves + index * m_dim, m_row.data(), m_dim);
        return m_row.data();
    }

private:
    const kernels::KernelTable& m_table;
    std::int64_t m_dim;
    const float* m_floats;
    const kernels::Bf16* m_halves;
    std::vector<float> m_row;
};

void checkShapes(const at::Tensor& hidden, std::span<const std::int32_t> offsets) {
    const bool typeFits = hidden.scalar_type() == at::kFloat || hidden.scalar_type() == at::kBFloat16;
    bool fits =
        typeFits && hidden.dim() == 2 && !offsets.empty() && offsets.front() == 0 && offsets.back() == hidden.size(0);
    for (std::size_t i = 0; fits && i + 1 < offsets.size(); ++i)
        fits = offsets[i] < offsets[i + 1];
    if (!fits)
        throw Failure(ErrorCode::InternalError, "pooling: the sequences' offsets do not match the token states");
}

float weightOf(PoolingMode mode, std::int64_t position, std::int64_t length) {
    const auto n = static_cast<float>(length);
    switch (mode) {
    case PoolingMode::MeanSqrtLength:
        return 1.0F / std::sqrt(n);
    case PoolingMode::WeightedMean:
        return static_cast<float>(position + 1) / (n * (n + 1.0F) / 2.0F);
    default:
        return 1.0F / n;
    }
}

void poolSequence(RowReader& rows, std::int64_t begin, std::int64_t end, std::int64_t dim, PoolingMode mode,
                  const kernels::KernelTable& table, float* out) {
    const std::size_t bytes = static_cast<std::size_t>(dim) * sizeof(float);
    if (mode == PoolingMode::Cls || mode == PoolingMode::LastToken) {
        std::memcpy(out, rows.row(mode == PoolingMode::Cls ? begin : end - 1), bytes);
        return;
    }
    if (mode == PoolingMode::Max) {
        std::memcpy(out, rows.row(begin), bytes);
        for (std::int64_t i = begin + 1; i < end; ++i)
            table.takeMaximum(out, rows.row(i), dim);
        return;
    }
    std::memset(out, 0, bytes);
    for (std::int64_t i = begin; i < end; ++i)
        table.addScaled(out, rows.row(i), weightOf(mode, i - begin, end - begin), dim);
}

} // namespace

at::Tensor pool(const at::Tensor& hidden, std::span<const std::int32_t> offsets, PoolingMode mode) {
    checkShapes(hidden, offsets);
    const at::Tensor states = hidden.cpu().contiguous();
    const auto sequences = static_cast<std::int64_t>(offsets.size()) - 1;
    const std::int64_t dim = states.size(1);
    at::Tensor pooled = at::empty({sequences, dim}, at::TensorOptions().dtype(at::kFloat));
    auto* out = pooled.mutable_data_ptr<float>();
    const kernels::KernelTable& table = kernels::bestKernels();
    RowReader rows(states, table);
    for (std::int64_t i = 0; i < sequences; ++i)
        poolSequence(rows, offsets[static_cast<std::size_t>(i)], offsets[static_cast<std::size_t>(i) + 1], dim, mode,
                     table, out + i * dim);
    return pooled;
}

void normalizeRows(at::Tensor& rows) {
    if (rows.scalar_type() != at::kFloat || rows.dim() != 2 || !rows.is_contiguous() || !rows.is_cpu())
        throw Failure(ErrorCode::InternalError, "normalising wants a contiguous fp32 matrix in main memory");
    const kernels::KernelTable& table = kernels::bestKernels();
    const std::int64_t dim = rows.size(1);
    auto* row = rows.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < rows.size(0); ++i, row += dim) {
        const float length = std::sqrt(table.sumOfSquares(row, dim));
        if (length > 0)
            table.addScaled(row, row, 1.0F / length - 1.0F, dim);
    }
}

} // namespace mm::worker
