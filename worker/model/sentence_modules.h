// What modules.json and its neighbours say about turning a transformer's token vectors into one embedding per text:
// pooling, dense layers, normalisation, prompts and lengths, as sentence-transformers writes them. Plain values.
// readSentenceModules() throws Failure naming the file: damaged files are InvalidModelFiles, well-formed ones that ask
// for something this worker cannot do are UnsupportedModel.
#pragma once

#include "worker/runtime/pooling_mode.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mm::worker {

std::string_view poolingModeName(PoolingMode mode);

struct PoolingModule {
    // Several modes give their vectors one behind the other.
    std::vector<PoolingMode> modes{PoolingMode::Mean};
    // False: the tokens of a prompt take part in attention, but not in pooling.
    bool includePrompt = true;
    // What the file claims of the width of a token's vector; 0 where it claims nothing.
    int dimension = 0;
};

enum class DenseActivation { Identity, Tanh, Relu, Gelu, Sigmoid, Silu };

struct DenseModule {
    std::filesystem::path folder; // holds its weights
    int inFeatures = 0;
    int outFeatures = 0;
    bool bias = true;
    DenseActivation activation = DenseActivation::Tanh;
};

struct LayerNormModule {
    std::filesystem::path folder;
    int dimension = 0;
};

struct NormalizeModule {};

using SentenceModule = std::variant<DenseModule, LayerNormModule, NormalizeModule>;

struct SentenceModules {
    std::filesystem::path transformer; // folder of config.json, weights and tokenizer.json
    PoolingModule pooling;
    std::vector<SentenceModule> afterPooling;
    std::optional<int> maxSequenceLength;
    bool lowerCase = false;
    std::map<std::string, std::string> prompts;
    std::optional<std::string> defaultPrompt; // its name
    std::string similarity = "cosine";
    // Of a cross-encoder: the dotted name of what makes scores of its logits, where the file says it.
    std::optional<std::string> activation;

    [[nodiscard]] bool endsNormalised() const;
};

// What the model is loaded for: a transformer with pooling and more behind it, or one with its classification head.
enum class FolderUse { Embedding, Classification };

// A folder without modules.json is a plain transformer: mean pooling or its head, and nothing behind it.
SentenceModules readSentenceModules(const std::filesystem::path& folder, FolderUse use);

} // namespace mm::worker
