#include "worker/model/sentence_modules.h"

#include "worker/model/json_fields.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace mm::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct ModeRow {
    PoolingMode mode;
    std::string_view name;
    const char* flag; // its older spelling, a boolean of its own
};

// In the order in which several modes are joined.
constexpr std::array<ModeRow, 6> kModes{{
    {PoolingMode::Cls, "cls", "pooling_mode_cls_token"},
    {PoolingMode::Max, "max", "pooling_mode_max_tokens"},
    {PoolingMode::Mean, "mean", "pooling_mode_mean_tokens"},
    {PoolingMode::MeanSqrtLength, "mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"},
    {PoolingMode::WeightedMean, "weightedmean", "pooling_mode_weightedmean_tokens"},
    {PoolingMode::LastToken, "lasttoken", "pooling_mode_lasttoken"},
}};

constexpr std::array<std::pair<std::string_view, DenseActivation>, 6> kActivations{{
    {"Identity", DenseActivation::Identity},
    {"Tanh", DenseActivation::Tanh},
    {"ReLU", DenseActivation::Relu},
    {"GELU", DenseActivation::Gelu},
    {"Sigmoid", DenseActivation::Sigmoid},
    {"SiLU", DenseActivation::Silu},
}};

constexpr std::array<const char*, 7> kTransformerConfigs{
    "sentence_bert_config.json",      "sentence_roberta_config.json", "sentence_distilbert_config.json",
    "sentence_camembert_config.json", "sentence_albert_config.json",  "sentence_xlm-roberta_config.json",
    "sentence_xlnet_config.json"};

[[noreturn]] void unsupported(const fs::path& file, const std::string& why) {
    throw Failure(ErrorCode::UnsupportedModel, file.string() + ": " + why, {{"file", file.string()}});
}

std::string lastPart(const std::string& dotted) {
    return dotted.substr(dotted.rfind('.') + 1);
}

// A module's folder lies inside the model's: modules.json must not make the worker read elsewhere.
fs::path moduleFolder(const fs::path& folder, const std::string& name, const fs::path& file) {
    const fs::path relative(name);
    const bool climbs = std::find(relative.begin(), relative.end(), "..") != relative.end();
    if (relative.is_absolute() || climbs || name.find('\0') != std::string::npos)
        throw Failure(ErrorCode::InvalidModelFiles,
                      file.string() + " names the module folder '" + name + "', which is outside the model's folder",
                      {{"file", file.string()}});
    return name.empty() ? folder : folder / relative;
}

PoolingMode modeFromName(const std::string& name, const JsonFields& fields) {
    const auto row = std::find_if(kModes.begin(), kModes.end(), [&](const ModeRow& r) { return r.name == name; });
    if (row == kModes.end())
        fields.refuse("pooling_mode",
                      "is '" + name + "'; known are cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken");
    return row->mode;
}

PoolingModule readPooling(const fs::path& folder) {
    const fs::path file = folder / "config.json";
    const json document = readJson(file);
    const JsonFields fields(document, file.string());
    PoolingModule pooling;
    pooling.dimension =
        fields.size("embedding_dimension").value_or(fields.size("word_embedding_dimension").value_or(0));
    pooling.includePrompt = fields.flag("include_prompt").value_or(true);
    std::vector<PoolingMode> modes;
    if (fields.has("pooling_mode")) {
        for (const std::string& name : fields.texts("pooling_mode"))
            modes.push_back(modeFromName(name, fields));
    } else {
        for (const ModeRow& row : kModes)
            if (fields.flag(row.flag).value_or(false))
                modes.push_back(row.mode);
    }
    if (!modes.empty())
        pooling.modes = std::move(modes);
    return pooling;
}

// Modules read and write named features; only the sentence's embedding is one here.
void checkFeatures(const JsonFields& fields, const fs::path& file) {
    for (const char* key : {"module_input_name", "module_output_name"})
        if (const auto name = fields.text(key); name && *name != "sentence_embedding")
            unsupported(file,
                        std::string("\"") + key + "\" is '" + *name + "'; only 'sentence_embedding' can be computed");
}

DenseModule readDense(const fs::path& folder) {
    const fs::path file = folder / "config.json";
    const json document = readJson(file);
    const JsonFields fields(document, file.string());
    checkFeatures(fields, file);
    if (fields.flag("use_residual").value_or(false))
        unsupported(file, "\"use_residual\" is true; dense layers with a residual cannot be computed");
    DenseModule dense;
    dense.folder = folder;
    dense.inFeatures = fields.requiredSize("in_features");
    dense.outFeatures = fields.requiredSize("out_features");
    dense.bias = fields.flag("bias").value_or(true);
    if (const auto name = fields.text("activation_function")) {
        const auto known = std::find_if(kActivations.begin(), kActivations.end(),
                                        [&](const auto& row) { return row.first == lastPart(*name); });
        if (!name->starts_with("torch.nn.") || known == kActivations.end())
            unsupported(file, "the activation '" + *name +
                                  "' is unknown; known are Identity, Tanh, ReLU, GELU, Sigmoid and SiLU of torch.nn");
        dense.activation = known->second;
    }
    return dense;
}

LayerNormModule readLayerNorm(const fs::path& folder) {
    const fs::path file = folder / "config.json";
    const json document = readJson(file);
    return {folder, JsonFields(document, file.string()).requiredSize("dimension")};
}

NormalizeModule readNormalize(const fs::path& folder) {
    const fs::path file = folder / "config.json";
    if (const auto document = readOptionalJson(file))
        checkFeatures(JsonFields(*document, file.string()), file);
    return {};
}

void readModule(const std::string& kind, const std::string& type, const fs::path& folder, const fs::path& file,
                SentenceModules& modules) {
    if (kind == "Dense")
        modules.afterPooling.emplace_back(readDense(folder));
    else if (kind == "LayerNorm")
        modules.afterPooling.emplace_back(readLayerNorm(folder));
    else if (kind == "Normalize")
        modules.afterPooling.emplace_back(readNormalize(folder));
    else if (kind != "Dropout")
        unsupported(file, "the module type '" + type +
                              "' cannot be computed; known are Transformer, Pooling, Dense, LayerNorm, Dropout and "
                              "Normalize, in the order Transformer, Pooling, others");
}

// A list for embeddings begins with a transformer and its pooling; one for classification is a transformer alone.
void checkListLength(const fs::path& file, const json& list, FolderUse use) {
    if (use == FolderUse::Embedding && (!list.is_array() || list.size() < 2))
        unsupported(file, "a list that begins with a Transformer and a Pooling module is needed");
    if (use == FolderUse::Classification && (!list.is_array() || list.size() != 1))
        unsupported(file, "a list of one Transformer module is needed to classify or score; with more behind it, this "
                          "is a model for embeddings (txt2embed)");
}

void readModuleList(const fs::path& folder, const fs::path& file, const json& list, FolderUse use,
                    SentenceModules& modules) {
    checkListLength(file, list, use);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonFields fields(list[i], file.string() + " entry " + std::to_string(i));
        const std::string type = fields.requiredText("type");
        const std::string kind = lastPart(type);
        const fs::path place = moduleFolder(folder, fields.text("path").value_or(""), file);
        const std::string_view wanted = i == 0 ? "Transformer" : "Pooling";
        if (!type.starts_with("sentence_transformers.") || (i < 2 && kind != wanted))
            unsupported(file, "entry " + std::to_string(i) + " is '" + type + "'; " +
                                  (i < 2 ? "sentence_transformers' " + std::string(wanted) + " must stand here"
                                         : "code of its own is never run"));
        if (i == 0)
            modules.transformer = place;
        else if (i == 1)
            modules.pooling = readPooling(place);
        else
            readModule(kind, type, place, file, modules);
    }
}

void readTransformerConfig(FolderUse use, SentenceModules& modules) {
    const std::string_view wanted = use == FolderUse::Embedding ? "feature-extraction" : "sequence-classification";
    for (const char* name : kTransformerConfigs) {
        const fs::path file = modules.transformer / name;
        const auto document = readOptionalJson(file);
        if (!document)
            continue;
        const JsonFields fields(*document, file.string());
        modules.maxSequenceLength = fields.size("max_seq_length");
        modules.lowerCase = fields.flag("do_lower_case").value_or(false);
        if (const auto task = fields.text("transformer_task"); task && *task != wanted)
            unsupported(file, "\"transformer_task\" is '" + *task + "'; this task needs '" + std::string(wanted) + "'");
        return;
    }
}

void readSettings(const fs::path& folder, FolderUse use, SentenceModules& modules) {
    const fs::path file = folder / "config_sentence_transformers.json";
    const auto document = readOptionalJson(file);
    if (!document)
        return;
    const JsonFields fields(*document, file.string());
    if (use == FolderUse::Classification) {
        modules.activation = fields.text("activation_fn");
        if (const auto name = fields.text("default_prompt_name"))
            unsupported(file, "\"default_prompt_name\" is '" + *name + "'; prompts are for embeddings only");
        return;
    }
    modules.similarity = fields.text("similarity_fn_name").value_or("cosine");
    if (const json* prompts = fields.find("prompts")) {
        const JsonFields texts(*prompts, file.string() + " \"prompts\"");
        for (const auto& [name, unused] : prompts->items())
            if (const auto text = texts.text(name.c_str()))
                modules.prompts[name] = *text;
    }
    modules.defaultPrompt = fields.text("default_prompt_name");
    if (modules.defaultPrompt && !modules.prompts.contains(*modules.defaultPrompt))
        fields.refuse("default_prompt_name", "is '" + *modules.defaultPrompt + "', which \"prompts\" does not have");
}

} // namespace

std::string_view poolingModeName(PoolingMode mode) {
    return std::find_if(kModes.begin(), kModes.end(), [&](const ModeRow& row) { return row.mode == mode; })->name;
}

bool SentenceModules::endsNormalised() const {
    return !afterPooling.empty() && std::holds_alternative<NormalizeModule>(afterPooling.back());
}

SentenceModules readSentenceModules(const fs::path& folder, FolderUse use) {
    SentenceModules modules;
    modules.transformer = folder;
    // Every model of this kind answers to these two names, with or without words of its own for them.
    modules.prompts = {{"query", ""}, {"document", ""}};
    const fs::path file = folder / "modules.json";
    if (const auto list = readOptionalJson(file)) {
        readModuleList(folder, file, *list, use, modules);
        readSettings(folder, use, modules);
    }
    readTransformerConfig(use, modules);
    return modules;
}

} // namespace mm::worker
