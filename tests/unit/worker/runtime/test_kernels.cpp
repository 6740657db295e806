// Every kernel table that this CPU can run against plain double-precision loops, over odd sizes.
#include "worker/runtime/kernels/kernel_table.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

using namespace mm::worker::kernels;

namespace {

using Numbers = std::vector<float>;

Numbers randomNumbers(std::int64_t count, float size = 1) {
    static std::mt19937 generator(7);
    std::normal_distribution<float> normal(0, size);
    Numbers numbers(static_cast<std::size_t>(count));
    for (float& number : numbers)
        number = normal(generator);
    return numbers;
}

float fromBf16(Bf16 half) {
    return std::bit_cast<float>(std::uint32_t{half} << 16);
}

float rounded(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    return std::bit_cast<float>((bits + 0x7fffU + ((bits >> 16) & 1U)) & 0xffff0000U);
}

Bf16 toHalf(float value) {
    return static_cast<Bf16>(std::bit_cast<std::uint32_t>(rounded(value)) >> 16);
}

// The layout that packed_matrix.h describes, written down independently.
template <typename T>
std::vector<T> packed(const Numbers& weights, std::int64_t columns, std::int64_t depth, std::int64_t width) {
    constexpr bool kHalf = sizeof(T) == 2;
    const std::int64_t rows = kHalf ? (depth + 1) / 2 * 2 : depth;
    const std::int64_t panels = (columns + width - 1) / width;
    std::vector<T> result(static_cast<std::size_t>(panels * width * rows));
    for (std::int64_t n = 0; n < columns; ++n)
        for (std::int64_t k = 0; k < depth; ++k) {
            const float value = weights[static_cast<std::size_t>(n * depth + k)];
            const std::int64_t start = n / width * width * rows;
            if constexpr (kHalf)
                result[static_cast<std::size_t>(start + k / 2 * 2 * width + n % width * 2 + k % 2)] = toHalf(value);
            else
                result[static_cast<std::size_t>(start + k * width + n % width)] = value;
        }
    return result;
}

double gelu(double x) {
    return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
}

double reference(double x, Activation activation) {
    switch (activation) {
    case Activation::None:
        return x;
    case Activation::Gelu:
        return gelu(x);
    case Activation::GeluTanh:
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case Activation::QuickGelu:
        return x / (1 + std::exp(-1.702 * x));
    case Activation::Relu:
        return std::max(x, 0.0);
    case Activation::Silu:
        return x / (1 + std::exp(-x));
    case Activation::Tanh:
        return std::tanh(x);
    }
    return x;
}

QByteArray describe(const KernelTable& table, const char* what, std::int64_t a, std::int64_t b) {
    return QByteArray(table.name.data(), static_cast<qsizetype>(table.name.size())) + ' ' + what + ' ' +
           QByteArray::number(qint64{a}) + 'x' + QByteArray::number(qint64{b});
}

struct LinearCase {
    std::int64_t rows;
    std::int64_t depth;
    std::int64_t columns;
    bool bf16Weights;
    bool bf16Input;
};

double linearError(const KernelTable& table, const LinearCase& size, Activation activation) {
    const std::int64_t stride = (size.depth + 31) / 32 * 32 + 32;
    const Numbers weights = randomNumbers(size.columns * size.depth, 0.2F);
    Numbers bias = randomNumbers((size.columns + 63) / 64 * 64);
    const Numbers residual = randomNumbers(size.rows * size.columns);
    Numbers input(static_cast<std::size_t>(size.rows * stride));
    std::vector<Bf16> halves(input.size());
    for (std::int64_t i = 0; i < size.rows; ++i)
        for (std::int64_t k = 0; k < size.depth; ++k) {
            const auto at = static_cast<std::size_t>(i * stride + k);
            input[at] = rounded(randomNumbers(1)[0]);
            halves[at] = toHalf(input[at]);
        }
    const auto floats = packed<float>(weights, size.columns, size.depth, table.panelWidth);
    const auto pairs = packed<Bf16>(weights, size.columns, size.depth, table.panelWidth);
    Numbers widened(static_cast<std::size_t>((size.depth + 1) * table.panelWidth));
    Numbers out(residual.size(), -7);

    LinearCall call;
    call.a = size.bf16Input ? static_cast<const void*>(halves.data()) : input.data();
    call.aStride = stride;
    call.rows = size.rows;
    call.panels = size.bf16Weights ? static_cast<const void*>(pairs.data()) : floats.data();
    call.bf16Weights = size.bf16Weights;
    call.bf16Input = size.bf16Input;
    call.depth = size.depth;
    call.columns = size.columns;
    call.panelEnd = (size.columns + table.panelWidth - 1) / table.panelWidth;
    call.bias = bias.data();
    call.activation = activation;
    call.residual = residual.data();
    call.residualStride = size.columns;
    call.out = out.data();
    call.outStride = size.columns;
    call.widened = widened.data();
    table.linear(call);

    double worst = 0;
    for (std::int64_t i = 0; i < size.rows; ++i)
        for (std::int64_t n = 0; n < size.columns; ++n) {
            double sum = bias[static_cast<std::size_t>(n)];
            for (std::int64_t k = 0; k < size.depth; ++k) {
                const float weight = weights[static_cast<std::size_t>(n * size.depth + k)];
                sum += double{input[static_cast<std::size_t>(i * stride + k)]} *
                       (size.bf16Weights ? rounded(weight) : weight);
            }
            const auto at = static_cast<std::size_t>(i * size.columns + n);
            worst = std::max(worst, std::abs(reference(sum, activation) + residual[at] - out[at]));
        }
    return worst;
}

double attentionError(const KernelTable& table, std::int64_t tokens, std::int64_t headSize, bool biased) {
    const std::int64_t stride = 3 * headSize + kPanelSlack;
    const Numbers qkv = randomNumbers(tokens * stride);
    const Numbers bias = randomNumbers(2 * tokens - 1);
    Numbers out(static_cast<std::size_t>(tokens * headSize));
    Numbers scratch(static_cast<std::size_t>(table.attentionScratch(tokens, headSize)));
    AttentionCall call;
    call.q = qkv.data();
    call.k = call.q + headSize;
    call.v = call.k + headSize;
    call.stride = stride;
    call.tokens = tokens;
    call.headSize = headSize;
    call.scale = 1 / std::sqrt(static_cast<float>(headSize));
    call.relativeBias = biased ? bias.data() + tokens - 1 : nullptr;
    call.out = out.data();
    call.outStride = headSize;
    call.scratch = scratch.data();
    table.attention(call);

    double worst = 0;
    for (std::int64_t i = 0; i < tokens; ++i) {
        std::vector<double> weight(static_cast<std::size_t>(tokens));
        double total = 0;
        for (std::int64_t j = 0; j < tokens; ++j) {
            double score = 0;
            for (std::int64_t d = 0; d < headSize; ++d)
                score += double{call.q[i * stride + d]} * call.k[j * stride + d];
            score = score * call.scale + (biased ? bias[static_cast<std::size_t>(j - i + tokens - 1)] : 0);
            total += weight[static_cast<std::size_t>(j)] = std::exp(score);
        }
        for (std::int64_t d = 0; d < headSize; ++d) {
            double read = 0;
            for (std::int64_t j = 0; j < tokens; ++j)
                read += weight[static_cast<std::size_t>(j)] / total * call.v[j * stride + d];
            worst = std::max(worst, std::abs(read - out[static_cast<std::size_t>(i * headSize + d)]));
        }
    }
    return worst;
}

double normError(const KernelTable& table, std::int64_t size, bool halves) {
    const Numbers parts[3] = {randomNumbers(size, 3), randomNumbers(size), randomNumbers(size)};
    const Numbers gain = randomNumbers(size);
    const Numbers shift = randomNumbers(size);
    Numbers out(static_cast<std::size_t>(size));
    std::vector<Bf16> outHalves(out.size());
    std::vector<Bf16> stored[3];
    NormCall call;
    for (int p = 0; p < 3; ++p) {
        for (const float value : parts[p])
            stored[p].push_back(toHalf(value));
        call.parts[p] = halves ? static_cast<const void*>(stored[p].data()) : parts[p].data();
    }
    call.bf16Parts = halves;
    call.size = size;
    call.gain = gain.data();
    call.shift = shift.data();
    call.epsilon = 1e-5F;
    call.out = out.data();
    call.outBf16 = outHalves.data();
    table.norm(call);

    std::vector<double> sum(out.size());
    double mean = 0;
    for (std::size_t j = 0; j < sum.size(); ++j) {
        for (int p = 0; p < 3; ++p)
            sum[j] += halves ? fromBf16(stored[p][j]) : parts[p][j];
        mean += sum[j] / static_cast<double>(size);
    }
    double variance = 0;
    for (const double value : sum)
        variance += (value - mean) * (value - mean) / static_cast<double>(size);
    double worst = 0;
    for (std::size_t j = 0; j < sum.size(); ++j) {
        const double wanted = (sum[j] - mean) / std::sqrt(variance + 1e-5F) * gain[j] + shift[j];
        worst = std::max(worst, std::abs(wanted - out[j]));
        worst = std::max(worst, double{std::abs(rounded(out[j]) - fromBf16(outHalves[j]))});
    }
    return worst;
}

} // namespace

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBestTableIsSupported() {
        QVERIFY(!supportedKernels().empty());
        QCOMPARE(supportedKernels().back()->name, std::string_view("portable"));
    }

    void linearMatchesTheReference() {
        for (const KernelTable* table : supportedKernels())
            for (const std::int64_t rows : {1, 2, 5, 12, 13, 14, 15, 29, 43, 70})
                for (const auto& [depth, columns] : {std::pair{8, 8}, {37, 33}, {64, 96}, {129, 70}})
                    for (const bool half : {false, true}) {
                        const double error = linearError(*table, {rows, depth, columns, half, false}, Activation::None);
                        QVERIFY2(error < 2e-5, describe(*table, half ? "bf16" : "fp32", rows, depth).constData());
                    }
    }

    void directBf16ProductsMatchTheReference() {
        for (const KernelTable* table : supportedKernels())
            for (const std::int64_t rows : {1, 3, 14, 31})
                if (table->bf16Dot)
                    for (const std::int64_t depth : {2, 37, 128})
                        QVERIFY2(linearError(*table, {rows, depth, 40, true, true}, Activation::None) < 5e-5,
                                 describe(*table, "dot", rows, depth).constData());
    }

    void activationsMatchTheReference() {
        for (const KernelTable* table : supportedKernels())
            for (const Activation activation : {Activation::Gelu, Activation::GeluTanh, Activation::QuickGelu,
                                                Activation::Relu, Activation::Silu, Activation::Tanh})
                QVERIFY2(linearError(*table, {31, 200, 64, false, false}, activation) < 2e-5,
                         describe(*table, "activation", static_cast<int>(activation), 0).constData());
    }

    // Far outside the usual range nothing overflows: 0, x or the bounds, never NaN.
    void activationsKeepTheirLimits() {
        for (const KernelTable* table : supportedKernels())
            for (const Activation activation :
                 {Activation::Gelu, Activation::GeluTanh, Activation::QuickGelu, Activation::Silu, Activation::Tanh})
                for (const float x : {-1e4F, -150.0F, -90.0F, 90.0F, 150.0F, 1e4F}) {
                    const Numbers panel(static_cast<std::size_t>(table->panelWidth), x);
                    const Numbers bias(panel.size());
                    Numbers out(panel.size());
                    const float one = 1;
                    LinearCall call;
                    call.a = &one;
                    call.rows = 1;
                    call.panels = panel.data();
                    call.depth = 1;
                    call.columns = table->panelWidth;
                    call.panelEnd = 1;
                    call.bias = bias.data();
                    call.activation = activation;
                    call.out = out.data();
                    table->linear(call);
                    const double wanted = reference(x, activation);
                    QVERIFY2(std::abs(out[0] - wanted) <= 1e-5 * std::max(1.0, std::abs(wanted)),
                             describe(*table, "limit", static_cast<int>(activation), static_cast<int>(x)).constData());
                }
    }

    void attentionMatchesTheReference() {
        for (const KernelTable* table : supportedKernels())
            for (std::int64_t tokens = 1; tokens <= 70; ++tokens)
                for (const std::int64_t headSize : {8, 32, 64, 96})
                    QVERIFY2(attentionError(*table, tokens, headSize, tokens % 3 == 0) < 5e-6,
                             describe(*table, "attention", tokens, headSize).constData());
    }

    void attentionStandsLongSequences() {
        for (const KernelTable* table : supportedKernels())
            QVERIFY(attentionError(*table, 515, 32, false) < 5e-6);
    }

    void normsMatchTheReference() {
        for (const KernelTable* table : supportedKernels())
            for (const std::int64_t size : {1, 7, 16, 33, 384, 770})
                for (const bool halves : {false, true})
                    QVERIFY2(normError(*table, size, halves) < 1e-4, describe(*table, "norm", size, 0).constData());
    }

    void conversionRoundsToEven() {
        for (const KernelTable* table : supportedKernels()) {
            Numbers values = randomNumbers(53, 100);
            values[0] = std::numeric_limits<float>::infinity();
            values[1] = std::numeric_limits<float>::quiet_NaN();
            values[2] = std::bit_cast<float>(0x3f808000U); // halfway, even neighbour below
            values[3] = std::bit_cast<float>(0x3f818000U); // halfway, even neighbour above
            std::vector<Bf16> halves(values.size());
            table->toBf16(values.data(), halves.data(), 53);
            QVERIFY(std::isinf(fromBf16(halves[0])));
            QVERIFY(std::isnan(fromBf16(halves[1])));
            QCOMPARE(halves[2], Bf16{0x3f80});
            QCOMPARE(halves[3], Bf16{0x3f82});
            for (std::size_t i = 2; i < values.size(); ++i)
                QCOMPARE(halves[i], toHalf(values[i]));
        }
    }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "test_kernels.moc"
