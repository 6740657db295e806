// The CPU encoder and the ATen encoder are two implementations of one model: on random weights they must agree, however
// the batch is cut and however many threads share it.
#include "worker/runtime/transformer/aten_transformer.h"
#include "worker/runtime/transformer/cpu_transformer.h"

#include <QtTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

using namespace mm::worker;

namespace {

at::Tensor randomTensor(std::vector<std::int64_t> shape, double size) {
    return at::randn(shape, at::TensorOptions().dtype(at::kFloat)).mul_(size);
}

NormWeights randomNorm(std::int64_t size) {
    return {randomTensor({size}, 0.1).add_(1), randomTensor({size}, 0.1)};
}

LinearWeights randomLinear(std::int64_t columns, std::int64_t depth) {
    return {randomTensor({columns, depth}, 0.15), randomTensor({columns}, 0.1)};
}

TransformerWeights randomModel(std::int64_t hidden, std::int64_t heads, std::int64_t intermediate, bool relative) {
    TransformerWeights model;
    model.shape = {hidden, heads, intermediate, 50, 130, relative ? 2 : 0, relative ? 1 : -1, relative ? 0 : 2};
    model.words = randomTensor({50, hidden}, 1);
    model.positions = randomTensor({130, hidden}, 1);
    if (relative)
        model.relativeBias = randomTensor({32, heads}, 1);
    else
        model.types = randomTensor({2, hidden}, 1);
    model.embeddingNorm = randomNorm(hidden);
    for (int i = 0; i < 3; ++i)
        model.layers.push_back({randomLinear(hidden, hidden), randomLinear(hidden, hidden),
                                randomLinear(hidden, hidden), randomLinear(hidden, hidden), randomNorm(hidden),
                                randomLinear(intermediate, hidden), randomLinear(hidden, intermediate),
                                randomNorm(hidden)});
    return model;
}

struct Batch {
    std::vector<std::int32_t> tokens;
    std::vector<std::int32_t> offsets{0};
    std::vector<std::int32_t> types;

    explicit Batch(const std::vector<std::int32_t>& lengths) {
        for (const std::int32_t length : lengths) {
            for (std::int32_t i = 0; i < length; ++i) {
                tokens.push_back((i * 31 + length * 7) % 50);
                types.push_back(i % 2);
            }
            offsets.push_back(static_cast<std::int32_t>(tokens.size()));
        }
    }
    [[nodiscard]] TokenBatch view() const { return {tokens, offsets, types}; }
};

at::Tensor runCpu(CpuTransformer& model, const Batch& batch, std::int64_t hidden, Dtype dtype) {
    at::Tensor out = at::empty({static_cast<std::int64_t>(batch.tokens.size()), hidden},
                               at::TensorOptions().dtype(dtype == Dtype::Bf16 ? at::kBFloat16 : at::kFloat));
    model.run(batch.view(), out.mutable_data_ptr());
    return out.to(at::kFloat);
}

const std::vector<std::vector<std::int32_t>> kBatches{
    {1}, {12}, {128}, {5, 1, 17, 64, 33}, {128, 3, 2}, std::vector<std::int32_t>(40, 12)};

} // namespace

class TestCpuTransformer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithPlainOperators() {
        const c10::InferenceMode inference;
        for (const bool relative : {false, true})
            for (const auto& [hidden, heads, intermediate] : {std::tuple{64, 2, 256}, {60, 4, 37}, {192, 2, 384}}) {
                const TransformerWeights weights = randomModel(hidden, heads, intermediate, relative);
                const AtenTransformer plain(weights, Dtype::Fp32, c10::Device(c10::DeviceType::CPU));
                for (const int threads : {1, 2, 3}) {
                    CpuTransformer model(weights, Dtype::Fp32, threads);
                    for (const auto& lengths : kBatches) {
                        const Batch batch(lengths);
                        const at::Tensor difference =
                            (runCpu(model, batch, hidden, Dtype::Fp32) - plain.run(batch.view())).abs();
                        QVERIFY(difference.max().item<float>() < 2e-4F);
                    }
                }
            }
    }

    void bf16StaysCloseToFp32() {
        const c10::InferenceMode inference;
        const TransformerWeights weights = randomModel(64, 2, 256, false);
        CpuTransformer exact(weights, Dtype::Fp32, 1);
        for (const int threads : {1, 2}) {
            CpuTransformer model(weights, Dtype::Bf16, threads);
            for (const auto& lengths : kBatches) {
                const Batch batch(lengths);
                const at::Tensor likeness =
                    at::cosine_similarity(runCpu(model, batch, 64, Dtype::Bf16), runCpu(exact, batch, 64, Dtype::Fp32));
                QVERIFY(likeness.min().item<float>() > 0.999F);
            }
            QVERIFY(model.parameterBytes() < exact.parameterBytes() * 6 / 10);
        }
    }

    void theSameBatchGivesTheSameBits() {
        const c10::InferenceMode inference;
        CpuTransformer model(randomModel(64, 2, 256, false), Dtype::Fp32, 2);
        const Batch batch({40, 3, 77, 12, 12, 90});
        const at::Tensor first = runCpu(model, batch, 64, Dtype::Fp32);
        for (int i = 0; i < 5; ++i)
            QVERIFY(first.equal(runCpu(model, batch, 64, Dtype::Fp32)));
    }
};

QTEST_APPLESS_MAIN(TestCpuTransformer)
#include "test_cpu_transformer.moc"
