#include "cli/input/model_folder.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

namespace mm::cli {
namespace {

using modelmora::v1::TaskType;
namespace fs = std::filesystem;

std::string asIdPart(const std::string& text) {
    std::string part;
    for (const char c : text)
        part += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ? c : '-';
    part.erase(0, part.find_first_not_of("-._"));
    return part.empty() ? "model" : part;
}

nlohmann::json readSmallJson(const fs::path& path) {
    constexpr std::uintmax_t kLongest = 1U << 20;
    std::error_code fault;
    if (const auto size = fs::file_size(path, fault); fault || size > kLongest)
        return {};
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    return nlohmann::json::parse(text, nullptr, false);
}

std::optional<TaskType> taskOfArchitecture(const std::string& name) {
    static constexpr std::array<std::pair<const char*, TaskType>, 6> kEndings{{
        {"ForSequenceClassification", modelmora::v1::TASK_TYPE_TXT2CLASS},
        {"ForImageClassification", modelmora::v1::TASK_TYPE_IMG2CLASS},
        {"ForCausalLM", modelmora::v1::TASK_TYPE_TXT2TXT},
        {"BertModel", modelmora::v1::TASK_TYPE_TXT2EMBED}, // DistilBertModel too
        {"RobertaModel", modelmora::v1::TASK_TYPE_TXT2EMBED},
        {"MPNetModel", modelmora::v1::TASK_TYPE_TXT2EMBED},
    }};
    for (const auto& [ending, task] : kEndings)
        if (name.ends_with(ending))
            return task;
    return std::nullopt;
}

// How sentence-transformers marks the models that score pairs, in its newer and its older files.
bool isCrossEncoder(const fs::path& folder, const nlohmann::json& config) {
    const auto settings = readSmallJson(folder / "config_sentence_transformers.json");
    if (settings.is_object() && settings.contains("model_type") && settings["model_type"] == "CrossEncoder")
        return true;
    return config.is_object() &&
           (config.contains("sbert_ce_default_activation_function") ||
            (config.contains("sentence_transformers") && config["sentence_transformers"].is_object() &&
             config["sentence_transformers"].contains("activation_fn")));
}

} // namespace

std::string guessModelId(const fs::path& folder) {
    constexpr std::string_view kCache = "models--";
    for (const fs::path& part : folder) {
        const std::string name = part.string();
        const std::size_t between = name.find("--", kCache.size());
        if (name.starts_with(kCache) && between != std::string::npos)
            return asIdPart(name.substr(kCache.size(), between - kCache.size())) + "/" +
                   asIdPart(name.substr(between + 2));
    }
    const fs::path last = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
    return "local/" + asIdPart(last.string());
}

std::optional<TaskType> guessTask(const fs::path& folder) {
    const auto config = readSmallJson(folder / "config.json");
    if (isCrossEncoder(folder, config))
        return modelmora::v1::TASK_TYPE_TXTPAIR2SCORE;
    if (const auto modules = readSmallJson(folder / "modules.json"); modules.is_array() && !modules.empty())
        return modelmora::v1::TASK_TYPE_TXT2EMBED;
    if (!config.is_object() || !config.contains("architectures") || !config["architectures"].is_array())
        return std::nullopt;
    for (const auto& architecture : config["architectures"])
        if (architecture.is_string())
            if (const auto task = taskOfArchitecture(architecture.get<std::string>()))
                return task;
    return std::nullopt;
}

std::string fileUrl(const fs::path& absolute) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : absolute.string()) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("/-._~").find(c) != std::string_view::npos) {
            url += c;
        } else {
            url += '%';
            url += kHex[byte >> 4U];
            url += kHex[byte & 15U];
        }
    }
    return url;
}

} // namespace mm::cli
