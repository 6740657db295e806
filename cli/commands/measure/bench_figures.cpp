#include "cli/commands/measure/bench_figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

namespace mm::cli {
namespace {

constexpr int kMostClients = 256;
constexpr std::array<std::string_view, 24> kWords{
    "river", "holds", "seven",  "quiet", "stones", "under", "bridge", "where", "people", "cross", "every", "morning",
    "while", "the",   "market", "opens", "its",    "doors", "and",    "old",   "trains", "leave", "for",   "cities"};

} // namespace

Result<std::vector<int>> readLevels(const std::string& text) {
    std::vector<int> levels;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        int level = 0;
        const auto [stop, fault] = std::from_chars(text.data() + at, text.data() + end, level);
        if (fault != std::errc() || stop != text.data() + end || level < 1 || level > kMostClients)
            return Error{ErrorCode::ValidationError,
                         "--concurrency wants numbers from 1 to 256 with commas between them, "
                         "such as 1,4,16; '" +
                             text + "' is none."};
        levels.push_back(level);
        at = end + 1;
    }
    return levels;
}

std::vector<std::string> benchTexts(std::size_t count, int words) {
    std::vector<std::string> texts(count);
    std::uint32_t state = 12345;
    for (std::size_t i = 0; i < count; ++i) {
        texts[i] = std::to_string(i);
        for (int word = 1; word < words; ++word) {
            state = state * 1664525U + 1013904223U;
            texts[i].append(" ").append(kWords.at((state >> 16U) % kWords.size()));
        }
    }
    return texts;
}

void BenchTally::add(double latencyMs, const v1::InferenceMetadata& metadata) {
    latencies.push_back(latencyMs);
    queueMs += metadata.queue_ms();
    batchWaitMs += metadata.batch_wait_ms();
    computeMs += metadata.compute_ms();
    batchSizes += metadata.batch_size();
    tokens += metadata.input_tokens();
}

void BenchTally::add(const BenchTally& other) {
    latencies.insert(latencies.end(), other.latencies.begin(), other.latencies.end());
    for (const auto& [code, count] : other.failures)
        failures[code] += count;
    if (firstFailure.empty())
        firstFailure = other.firstFailure;
    queueMs += other.queueMs;
    batchWaitMs += other.batchWaitMs;
    computeMs += other.computeMs;
    batchSizes += other.batchSizes;
    tokens += other.tokens;
}

double percentile(const std::vector<double>& sorted, double percent) {
    if (sorted.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

double BenchLevel::perSecond(std::int64_t count) const {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

BenchLevel summarise(int concurrency, double seconds, int inputsPerRequest, BenchTally tally) {
    std::vector<double>& sorted = tally.latencies;
    std::sort(sorted.begin(), sorted.end());
    BenchLevel level;
    level.concurrency = concurrency;
    level.seconds = seconds;
    level.requests = static_cast<std::int64_t>(sorted.size());
    level.inputs = level.requests * inputsPerRequest;
    level.tokens = tally.tokens;
    level.failures = std::move(tally.failures);
    level.p50Ms = percentile(sorted, 50);
    level.p90Ms = percentile(sorted, 90);
    level.p95Ms = percentile(sorted, 95);
    level.p99Ms = percentile(sorted, 99);
    if (sorted.empty())
        return level;
    const auto count = static_cast<double>(sorted.size());
    level.maxMs = sorted.back();
    level.meanMs = std::accumulate(sorted.begin(), sorted.end(), 0.0) / count;
    level.queueMs = tally.queueMs / count;
    level.batchWaitMs = tally.batchWaitMs / count;
    level.computeMs = tally.computeMs / count;
    level.batchSize = static_cast<double>(tally.batchSizes) / count;
    return level;
}

} // namespace mm::cli
