#include "worker/runtime/kernels/kernel_table.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

namespace mm::worker::kernels {

extern const KernelTable kPortable;
#if defined(__x86_64__)
extern const KernelTable kAvx2;
extern const KernelTable kAvx512;
extern const KernelTable kAvx512Bf16;
#endif

namespace {

std::vector<const KernelTable*> findSupported() {
    std::vector<const KernelTable*> tables;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (avx512 && __builtin_cpu_supports("avx512bf16"))
        tables.push_back(&kAvx512Bf16);
    if (avx512)
        tables.push_back(&kAvx512);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        tables.push_back(&kAvx2);
#endif
    tables.push_back(&kPortable);
    return tables;
}

// Seconds for the fastest of a few products of one cached panel.
double panelTime(const KernelTable& table, bool dot) {
    constexpr std::int64_t kRows = 14;
    constexpr std::int64_t kDepth = 512;
    const std::vector<float> input(kRows * kDepth);
    const std::vector<Bf16> panel(static_cast<std::size_t>(table.panelWidth * kDepth));
    const std::vector<float> bias(static_cast<std::size_t>(table.panelWidth));
    std::vector<float> out(static_cast<std::size_t>(kRows * table.panelWidth));
    LinearCall call;
    call.a = input.data(); // zeros, so the same memory serves as floats and as bf16
    call.aStride = kDepth;
    call.rows = kRows;
    call.panels = panel.data();
    call.bf16Weights = true;
    call.bf16Input = dot;
    call.depth = kDepth;
    call.columns = table.panelWidth;
    call.panelEnd = 1;
    call.bias = bias.data();
    call.out = out.data();
    call.outStride = table.panelWidth;
    double best = 1;
    for (int i = 0; i < 24; ++i) {
        const auto start = std::chrono::steady_clock::now();
        table.linear(call);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

} // namespace

std::span<const KernelTable* const> supportedKernels() {
    static const std::vector<const KernelTable*> tables = findSupported();
    return tables;
}

const KernelTable& bestKernels() {
    static const KernelTable* const chosen = [] {
        const auto tables = supportedKernels();
        const char* wanted = std::getenv("MM_KERNELS");
        const auto named = std::find_if(tables.begin(), tables.end(), [&](const KernelTable* table) {
            return wanted != nullptr && table->name == wanted;
        });
        return named != tables.end() ? *named : tables.front();
    }();
    return *chosen;
}

bool bf16DotPays(const KernelTable& table) {
    if (!table.bf16Dot)
        return false;
    static const bool pays = panelTime(table, true) * 1.15 < panelTime(table, false);
    return pays;
}

} // namespace mm::worker::kernels
