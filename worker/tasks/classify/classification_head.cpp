#include "worker/tasks/classify/classification_head.h"

#include "worker/runtime/failure.h"
#include "worker/runtime/pooling.h"

#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>

namespace mm::worker {
namespace {

at::Tensor ownCopy(const at::Tensor& tensor) {
    return tensor.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

LinearWeights ownCopy(const LinearWeights& linear) {
    return {ownCopy(linear.weight), ownCopy(linear.bias)};
}

at::Tensor activate(const at::Tensor& x, kernels::Activation activation) {
    switch (activation) {
    case kernels::Activation::Tanh:
        return at::tanh(x);
    case kernels::Activation::Relu:
        return at::relu(x);
    default:
        throw Failure(ErrorCode::InternalError, "a classification head has an activation that no family publishes");
    }
}

} // namespace

ClassificationHead::ClassificationHead(const ClassifierWeights& weights)
    : m_weights{ownCopy(weights.dense), weights.activation, ownCopy(weights.out)} {}

at::Tensor ClassificationHead::run(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                                   std::span<const std::int32_t> /*promptTokens*/) const {
    const at::Tensor first = pool(hidden, offsets, PoolingMode::Cls);
    const at::Tensor dense =
        activate(at::linear(first, m_weights.dense.weight, m_weights.dense.bias), m_weights.activation);
    return at::linear(dense, m_weights.out.weight, m_weights.out.bias).contiguous();
}

std::int64_t ClassificationHead::parameters() const {
    return m_weights.dense.weight.numel() + m_weights.dense.bias.numel() + m_weights.out.weight.numel() +
           m_weights.out.bias.numel();
}

} // namespace mm::worker
