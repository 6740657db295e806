#include "engine/registry/files/folder_rules.h"

#include "engine/ipc/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

namespace mm::registry {
namespace {

using nlohmann::json;
namespace v1 = modelmora::v1;
namespace fs = std::filesystem;

struct TaskNeeds {
    v1::TaskType task;
    bool tokenizer;
    bool text;  // takes or gives text only
    bool image; // takes images
};
constexpr std::array<TaskNeeds, 8> kNeeds{{
    {v1::TASK_TYPE_TXT2EMBED, true, true, false},
    {v1::TASK_TYPE_TXT2TXT, true, true, false},
    {v1::TASK_TYPE_TXT2CLASS, true, true, false},
    {v1::TASK_TYPE_TXTPAIR2SCORE, true, true, false},
    {v1::TASK_TYPE_IMG2TXT, true, false, true},
    {v1::TASK_TYPE_IMG2EMBED, false, false, true},
    {v1::TASK_TYPE_IMG2CLASS, false, false, true},
    {v1::TASK_TYPE_IMG2MASK, false, false, true},
}};

// Architectures that can only be meant for the one or the other; all others may do either.
constexpr std::array<std::string_view, 14> kTextOnly{"albert",  "bert",    "camembert", "deberta-v2", "distilbert",
                                                     "electra", "gpt2",    "llama",     "mistral",    "mpnet",
                                                     "qwen2",   "roberta", "t5",        "xlm-roberta"};
constexpr std::array<std::string_view, 9> kImageOnly{"beit", "convnext",  "deit", "dinov2", "resnet",
                                                     "sam",  "segformer", "swin", "vit"};
constexpr std::array<std::string_view, 6> kPickled{".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"};

Error unusable(const FolderListing& listing, const std::string& file, const std::string& why) {
    return {ErrorCode::InvalidModelFiles,
            "The folder " + listing.root.string() + " cannot be registered: " + why + ".",
            {{"folder", listing.root.string()}, {"file", file}}};
}

Result<json> readJson(const FolderListing& listing, const std::string& file) {
    constexpr std::int64_t kLargest = 4 << 20;
    const auto at = std::find_if(listing.files.begin(), listing.files.end(),
                                 [&file](const ListedFile& listed) { return listed.path == file; });
    if (at == listing.files.end())
        return unusable(listing, file, file + " is missing");
    if (at->bytes > kLargest)
        return unusable(listing, file, file + " is " + std::to_string(at->bytes) + " bytes long, too much to be real");
    std::ifstream stream(listing.root / file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream.good() && !stream.eof())
        return unusable(listing, file, file + " cannot be read");
    try {
        return json::parse(text);
    } catch (const json::exception& error) {
        return unusable(listing, file, file + " is not valid JSON (" + error.what() + ")");
    }
}

// Where the transformer lies: sentence-transformers may keep it in a folder of its own, which modules.json names.
Result<std::string> transformerFolder(const FolderListing& listing) {
    constexpr const char* kModules = "modules.json";
    if (!listing.has(kModules) || listing.has("config.json"))
        return std::string();
    MM_TRY(const json modules, readJson(listing, kModules));
    for (const json& module : modules) {
        if (!module.is_object())
            continue;
        const json type = module.value("type", json());
        const json path = module.value("path", json());
        if (type.is_string() && path.is_string() && type.get_ref<const std::string&>().ends_with(".Transformer") &&
            !path.get_ref<const std::string&>().empty())
            return path.get<std::string>() + "/";
    }
    return std::string();
}

Result<void> checkWeights(const FolderListing& listing, const std::string& folder) {
    std::string pickled;
    for (const ListedFile& file : listing.files) {
        const fs::path path(file.path);
        const std::string extension = path.extension().string();
        if (extension == ".safetensors" && file.path.starts_with(folder))
            return {};
        if (std::find(kPickled.begin(), kPickled.end(), extension) != kPickled.end())
            pickled = file.path;
    }
    if (pickled.empty())
        return unusable(listing, folder + "model.safetensors", "it holds no weights (no *.safetensors file)");
    return unusable(listing, pickled,
                    "its weights are pickled (" + pickled +
                        "), and a pickle can run any program when it is opened. Convert them to safetensors, or "
                        "register a revision of the model that has model.safetensors");
}

Result<void> checkPlausible(const FolderListing& listing, const TaskNeeds& needs, const std::string& architecture) {
    const auto isOneOf = [&architecture](const auto& list) {
        return std::find(list.begin(), list.end(), architecture) != list.end();
    };
    const char* reads = needs.image && isOneOf(kTextOnly)   ? "text"
                        : needs.text && isOneOf(kImageOnly) ? "images"
                                                            : nullptr;
    if (reads == nullptr)
        return {};
    const std::string task(taskName(needs.task));
    return Error{ErrorCode::UnsupportedModel,
                 "The folder " + listing.root.string() + " holds a '" + architecture + "' model, which takes " + reads +
                     " only, and cannot do " + task + ".",
                 {{"folder", listing.root.string()}, {"architecture", architecture}, {"task", task}}};
}

} // namespace

Result<std::string> checkModelFolder(const FolderListing& listing, v1::TaskType task) {
    if (listing.files.empty())
        return unusable(listing, {}, "it is empty");
    const auto needs =
        std::find_if(kNeeds.begin(), kNeeds.end(), [task](const TaskNeeds& known) { return known.task == task; });
    if (needs == kNeeds.end()) {
        // Pipelines and exported programs have layouts of their own; all that is sure is that nothing is a mere pickle.
        if (task == v1::TASK_TYPE_TXT2IMG)
            MM_CHECK(checkWeights(listing, {}));
        return std::string();
    }
    MM_TRY(const std::string folder, transformerFolder(listing));
    MM_TRY(const json config, readJson(listing, folder + "config.json"));
    const json type = config.is_object() ? config.value("model_type", json()) : json();
    if (!type.is_string() || type.get_ref<const std::string&>().empty())
        return unusable(listing, folder + "config.json", folder + "config.json does not say its model_type");
    MM_CHECK(checkPlausible(listing, *needs, type.get<std::string>()));
    MM_CHECK(checkWeights(listing, folder));
    if (needs->tokenizer && !listing.has(folder + "tokenizer.json") && !listing.has("tokenizer.json"))
        return unusable(listing, folder + "tokenizer.json",
                        "tokenizer.json is missing, which " + std::string(taskName(task)) +
                            " needs. Save the model's fast tokenizer beside its configuration");
    return type.get<std::string>();
}

} // namespace mm::registry
