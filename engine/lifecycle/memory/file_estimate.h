// What the files of a model's folder say about the memory it will take: readFileFacts() reads the headers of the weight
// files and config.json, estimateFromFiles() computes. Any thread; reading blocks for as long as that takes.
//
//   weights    = floating elements × 4 (fp32) or × 2 (bf16) + the bytes of other tensors. The packed kernels keep one
//                copy of each weight, and the worker drops the pages of the files.
//   activation = batch_max_tokens × hidden × 8        the states of a whole batch and their copy in the answer
//              + threads × 256 × (5 × hidden + intermediate) × 4   the buffers of the group each thread works on
//                (on a GPU, where a batch goes through in one piece: batch_max_tokens instead of threads × 256)
//   runtime    = 74 MB, what a worker holds without a model, + 12 × the size of tokenizer.json
//                (with a GPU: 800 MB, and 600 MB on the GPU, for what CUDA keeps)
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_need.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mm::lifecycle {

struct FileFacts {
    std::int64_t floatingElements = 0; // converted to the dtype that it computes in
    std::int64_t otherBytes = 0;       // kept as stored
    std::int64_t tokenizerBytes = 0;
    std::int64_t hidden = 0; // 0 where config.json does not say
    std::int64_t intermediate = 0;
};

// How it is to be loaded, with "auto" decided.
struct LoadShape {
    std::string device = kHostDevice;
    std::string dtype = "fp32";
    std::int64_t batchMaxTokens = 4096;
    int threads = 1;
};

// Of the folder and, where modules.json names parts, of these too. InvalidModelFiles naming the file where one cannot
// be read; config.json and the tokenizer may be missing.
Result<FileFacts> readFileFacts(const std::filesystem::path& folder);
[[nodiscard]] MemoryNeed estimateFromFiles(const FileFacts& facts, const LoadShape& shape);

} // namespace mm::lifecycle
