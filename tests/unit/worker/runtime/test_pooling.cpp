#include "worker/runtime/failure.h"
#include "worker/runtime/pooling.h"

#include <QtTest>

#include <ATen/ops/from_blob.h>

#include <cmath>

using namespace mm::worker;

namespace {

// Two sequences of three and one tokens, two wide.
const std::vector<float> kStates{1, -2, 3, 4, 5, 0, 7, 8};
const std::vector<std::int32_t> kOffsets{0, 3, 4};

at::Tensor states() {
    return at::from_blob(const_cast<float*>(kStates.data()), {4, 2}, at::TensorOptions().dtype(at::kFloat));
}

std::vector<float> pooled(const at::Tensor& hidden, PoolingMode mode) {
    const at::Tensor result = pool(hidden, kOffsets, mode);
    return {result.const_data_ptr<float>(), result.const_data_ptr<float>() + result.numel()};
}

bool close(const std::vector<float>& a, const std::vector<float>& b) {
    bool same = a.size() == b.size();
    for (std::size_t i = 0; same && i < a.size(); ++i)
        same = std::abs(a[i] - b[i]) < 1e-5F;
    return same;
}

} // namespace

class TestPooling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyModeGivesItsVector() {
        const float root = std::sqrt(3.0F);
        for (const at::Tensor& hidden : {states(), states().to(at::kBFloat16)}) {
            QVERIFY(close(pooled(hidden, PoolingMode::Mean), {3, 2.0F / 3, 7, 8}));
            QVERIFY(close(pooled(hidden, PoolingMode::Cls), {1, -2, 7, 8}));
            QVERIFY(close(pooled(hidden, PoolingMode::Max), {5, 4, 7, 8}));
            QVERIFY(close(pooled(hidden, PoolingMode::MeanSqrtLength), {9 / root, 2 / root, 7, 8}));
            QVERIFY(close(pooled(hidden, PoolingMode::WeightedMean), {22.0F / 6, 1, 7, 8}));
            QVERIFY(close(pooled(hidden, PoolingMode::LastToken), {5, 0, 7, 8}));
        }
    }

    void rowsAreNormalisedAndZeroStaysZero() {
        std::vector<float> values{3, 4, 0, 0};
        at::Tensor rows = at::from_blob(values.data(), {2, 2}, at::TensorOptions().dtype(at::kFloat));
        normalizeRows(rows);
        QVERIFY(close(values, {0.6F, 0.8F, 0, 0}));
    }

    void offsetsThatDoNotFitAreRefused() {
        QVERIFY_THROWS_EXCEPTION(Failure, (void)pool(states(), std::vector<std::int32_t>{0, 3}, PoolingMode::Mean));
        QVERIFY_THROWS_EXCEPTION(Failure, (void)pool(states(), std::vector<std::int32_t>{0, 0, 4}, PoolingMode::Mean));
    }
};

QTEST_APPLESS_MAIN(TestPooling)
#include "test_pooling.moc"
