// What the files of a model's folder say about the memory it will take: readFileFacts() reads the headers of the weight
// files and config.json, estimateFromFiles() computes. Any thread; reading blocks for as long as the headers take.
//
//   weights    = elements of floating tensors × 4 (fp32) or × 2 (bf16), other tensors as stored, …
//   activation = batch_max_tokens × (hidden × factor + intermediate) × 4: the buffers of one micro-batch
//   runtime    = what a worker takes that holds no model
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_need.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace mm::lifecycle {

struct FileFacts {
    std::int64_t floatingElements = 0;  // converted to the dtype it computes in
    std::int64_t otherBytes = 0;        // kept as stored
    std::int64_t embeddingElements = 0; // of the floating ones: looked up, never multiplied
    std::int64_t tokenizerBytes = 0;
    std::int64_t hidden = 0; // 0 where config.json does not say
    std::int64_t intermediate = 0;
};

struct LoadShape {
    std::string device = kHostDevice;
    std::string dtype = "fp32";
    std::int64_t batchMaxTokens = 0; // 0: the worker's default
    int threads = 0;
};

Result<FileFacts> readFileFacts(const std::filesystem::path& folder);
[[nodiscard]] MemoryNeed estimateFromFiles(const FileFacts& facts, const LoadShape& shape);

} // namespace mm::lifecycle
