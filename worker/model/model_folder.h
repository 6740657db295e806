// A Hugging Face folder, understood as far as its small files go: configuration, sentence modules, lengths and where
// the tokenizer is. Weights and tokenizer are opened by their own readers. Plain value, read once at load.
// openModelFolder() throws Failure naming the file that is missing, damaged or not supported.
#pragma once

#include "worker/model/sentence_modules.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace mm::worker {

struct ModelFolder {
    std::filesystem::path path;
    std::shared_ptr<const nlohmann::json> config; // config.json
    std::string configFile;
    std::string modelType; // "bert"
    SentenceModules modules;
    std::filesystem::path tokenizerFile;
    // tokenizer_config.json's model_max_length, where it is a real limit.
    std::optional<int> tokenizerMaxLength;

    // The longest sequence that model, tokenizer and sentence modules agree on, special tokens included.
    [[nodiscard]] int maxSequenceLength(int encoderMaxTokens) const;
};

ModelFolder openModelFolder(const std::filesystem::path& folder, FolderUse use);

} // namespace mm::worker
