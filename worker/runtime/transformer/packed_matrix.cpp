#include "worker/runtime/transformer/packed_matrix.h"

#include <cstring>
#include <vector>

namespace mm::worker {

namespace {

at::Tensor asFloats(const at::Tensor& tensor) {
    return tensor.to(at::kFloat).contiguous();
}

// Copies one weight row (all inputs of one output column) to its places.
void packColumn(const float* row, std::int64_t column, PackedMatrix& matrix, std::int64_t width, void* panels) {
    const std::int64_t panel = column / width;
    const std::int64_t within = column % width;
    float* to = static_cast<float*>(panels) + panel * matrix.depth * width + within;
    for (std::int64_t k = 0; k < matrix.depth; ++k)
        to[k * width] = row[k];
}

void packColumnBf16(const kernels::Bf16* row, std::int64_t column, PackedMatrix& matrix, std::int64_t width,
                    void* panels) {
    const std::int64_t pairedDepth = (matrix.depth + 1) / 2 * 2;
    const std::int64_t panel = column / width;
    const std::int64_t within = column % width;
    kernels::Bf16* to = static_cast<kernels::Bf16*>(panels) + panel * pairedDepth * width + 2 * within;
    for (std::int64_t k = 0; k < matrix.depth; ++k)
        to[k / 2 * 2 * width + k % 2] = row[k];
}

} // namespace

PackedMatrix packLinear(std::span<const LinearWeights> layers, Dtype dtype, const kernels::KernelTable& table,
                        LargeMemory& memory) {
    const std::int64_t width = table.panelWidth;
    PackedMatrix matrix;
    matrix.bf16 = dtype == Dtype::Bf16;
    matrix.depth = layers.front().weight.size(1);
    for (const LinearWeights& layer : layers)
        matrix.columns += layer.weight.size(0);
    matrix.panelCount = (matrix.columns + width - 1) / width;

    const std::int64_t elements = matrix.panelCount * width * (matrix.bf16 ? (matrix.depth + 1) / 2 * 2 : matrix.depth);
    void* panels =
        memory.take(static_cast<std::size_t>(elements) * (matrix.bf16 ? sizeof(kernels::Bf16) : sizeof(float)));
    float* bias = memory.takeArray<float>(matrix.panelCount * width);
    std::vector<kernels::Bf16> converted(static_cast<std::size_t>(matrix.depth));
    std::int64_t column = 0;
    for (const LinearWeights& layer : layers) {
        const at::Tensor weight = asFloats(layer.weight);
        const float* rows = weight.const_data_ptr<float>();
        if (layer.bias.defined())
            std::memcpy(bias + column, asFloats(layer.bias).const_data_ptr<float>(),
                        static_cast<std::size_t>(layer.bias.numel()) * sizeof(float));
        for (std::int64_t i = 0; i < weight.size(0); ++i, ++column) {
            if (matrix.bf16) {
                table.toBf16(rows + i * matrix.depth, converted.data(), matrix.depth);
                packColumnBf16(converted.data(), column, matrix, width, panels);
            } else {
                packColumn(rows + i * matrix.depth, column, matrix, width, panels);
            }
        }
    }
    matrix.panels = panels;
    matrix.bias = bias;
    return matrix;
}

const float* packFloats(const at::Tensor& tensor, LargeMemory& memory) {
    const at::Tensor floats = asFloats(tensor);
    float* copy = memory.takeArray<float>(floats.numel());
    std::memcpy(copy, floats.const_data_ptr<float>(), static_cast<std::size_t>(floats.numel()) * sizeof(float));
    return copy;
}

const void* packRows(const at::Tensor& tensor, Dtype dtype, const kernels::KernelTable& table, LargeMemory& memory) {
    if (dtype == Dtype::Fp32)
        return packFloats(tensor, memory);
    auto* copy = memory.takeArray<kernels::Bf16>(tensor.numel());
    if (tensor.scalar_type() == at::kBFloat16) {
        std::memcpy(copy, tensor.contiguous().const_data_ptr(), static_cast<std::size_t>(tensor.numel()) * 2);
        return copy;
    }
    const at::Tensor floats = asFloats(tensor);
    table.toBf16(floats.const_data_ptr<float>(), copy, floats.numel());
    return copy;
}

} // namespace mm::worker
