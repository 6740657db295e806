// What a run of `modelmora bench` was told to do, and what came out of it. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mm::cli {

namespace v1 = modelmora::v1;

// "1,4,16" as numbers from 1 to 256.
Result<std::vector<int>> readLevels(const std::string& text);

// So many texts of about so many words, none like another; always the same ones.
std::vector<std::string> benchTexts(std::size_t count, int words);

// What one client of a level saw.
struct BenchTally {
    std::vector<double> latencies; // ms, of those that succeeded
    std::map<std::string, std::int64_t> failures;
    std::string firstFailure; // a sentence
    double queueMs = 0;       // summed, as the engine tells them
    double batchWaitMs = 0;
    double computeMs = 0;
    std::int64_t batchSizes = 0;
    std::int64_t tokens = 0;

    void add(double latencyMs, const v1::InferenceMetadata& metadata);
    void add(const BenchTally& other);
};

// One row of the report.
struct BenchLevel {
    int concurrency = 0;
    double seconds = 0;
    std::int64_t requests = 0;
    std::int64_t inputs = 0;
    std::int64_t tokens = 0;
    double meanMs = 0, p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0;
    double queueMs = 0, batchWaitMs = 0, computeMs = 0, batchSize = 0; // means
    std::map<std::string, std::int64_t> failures;
    std::int64_t memoryBytes = 0; // that the ledger counts after it, and the most so far
    std::int64_t peakBytes = 0;

    [[nodiscard]] double perSecond(std::int64_t count) const;
};

BenchLevel summarise(int concurrency, double seconds, int inputsPerRequest, BenchTally tally);

// The smallest value that so many percent of them do not exceed; 0 where there are none. Wants them sorted.
double percentile(const std::vector<double>& sorted, double percent);

} // namespace mm::cli
