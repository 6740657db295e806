#include "worker/model/model_folder.h"

#include "worker/model/json_fields.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace mm::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
    throw Failure(ErrorCode::InvalidModelFiles, file.string() + " " + why, {{"file", file.string()}});
}

// "No limit" is written as a number of thirty digits, sometimes as a fraction.
std::optional<int> readTokenizerLimit(const fs::path& file) {
    const auto document = readOptionalJson(file);
    if (!document || !document->is_object())
        return std::nullopt;
    const auto found = document->find("model_max_length");
    constexpr double kLargestReal = 1e8;
    if (found == document->end() || !found->is_number())
        return std::nullopt;
    const double value = found->get<double>();
    return value >= 1 && value <= kLargestReal ? std::optional(static_cast<int>(value)) : std::nullopt;
}

} // namespace

int ModelFolder::maxSequenceLength(int encoderMaxTokens) const {
    const int wanted = modules.maxSequenceLength.value_or(tokenizerMaxLength.value_or(encoderMaxTokens));
    return std::min(wanted, encoderMaxTokens);
}

ModelFolder openModelFolder(const fs::path& folder, FolderUse use) {
    std::error_code problem;
    if (!fs::is_directory(folder, problem))
        refuse(folder, problem ? "cannot be opened: " + problem.message() : "is not a folder");
    ModelFolder model;
    model.path = folder;
    model.modules = readSentenceModules(folder, use);
    const fs::path config = model.modules.transformer / "config.json";
    if (!fs::exists(config, problem))
        refuse(config, "is missing; a Hugging Face model folder has one");
    model.config = std::make_shared<const json>(readJson(config));
    model.configFile = config.string();
    model.modelType = JsonFields(*model.config, model.configFile).requiredText("model_type");
    model.tokenizerFile = model.modules.transformer / "tokenizer.json";
    if (!fs::exists(model.tokenizerFile, problem))
        refuse(model.tokenizerFile,
               "is missing; save the model's fast tokenizer there (tokenizer.save_pretrained writes it)");
    model.tokenizerMaxLength = readTokenizerLimit(model.modules.transformer / "tokenizer_config.json");
    return model;
}

} // namespace mm::worker
