#include "worker/model/classifier_config.h"

#include "worker/model/json_fields.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mm::worker {
namespace {

using nlohmann::json;

// The reference's number where config.json is silent.
constexpr int kUsualLabels = 2;
constexpr std::size_t kMostLabels = 100'000;

constexpr std::array<std::pair<std::string_view, ScoreFunction>, 3> kFunctions{{
    {"Identity", ScoreFunction::None},
    {"Sigmoid", ScoreFunction::Sigmoid},
    {"Softmax", ScoreFunction::Softmax},
}};

std::vector<std::string> plainLabels(int count) {
    std::vector<std::string> labels;
    for (int i = 0; i < count; ++i)
        labels.push_back("LABEL_" + std::to_string(i));
    return labels;
}

std::size_t labelIndex(const std::string& key, std::size_t count, const JsonFields& config) {
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), index);
    if (problem != std::errc() || end != key.data() + key.size() || index >= count)
        config.refuse("id2label", "has the key '" + key + "'; its " + std::to_string(count) +
                                      " labels need the numbers 0 to " + std::to_string(count - 1));
    return index;
}

std::vector<std::string> readLabels(const JsonFields& config) {
    const std::optional<int> stated = config.size("num_labels");
    const json* map = config.find("id2label");
    if (stated && static_cast<std::size_t>(*stated) > kMostLabels)
        config.refuse("num_labels", "is " + std::to_string(*stated) + ", too many to be real");
    if (map == nullptr)
        return plainLabels(stated.value_or(kUsualLabels));
    if (!map->is_object() || map->empty() || map->size() > kMostLabels)
        config.refuse("id2label", "is no object of labels by number");
    if (stated && static_cast<std::size_t>(*stated) != map->size())
        config.refuse("num_labels", "is " + std::to_string(*stated) + ", but \"id2label\" has " +
                                        std::to_string(map->size()) + " labels");
    std::vector<std::string> labels(map->size());
    std::vector<bool> seen(map->size());
    for (const auto& [key, label] : map->items()) {
        const std::size_t index = labelIndex(key, labels.size(), config);
        if (seen[index] || !(label.is_string() || label.is_number_integer()))
            config.refuse("id2label", seen[index] ? "has the label " + std::to_string(index) + " twice"
                                                  : "has a label that is no text, under '" + key + "'");
        seen[index] = true;
        labels[index] = label.is_string() ? label.get<std::string>() : label.dump();
    }
    return labels;
}

ScoreFunction classificationFunction(const JsonFields& config, std::size_t labels) {
    const std::string problem = config.text("problem_type").value_or("");
    if (problem == "regression")
        return ScoreFunction::None;
    if (problem == "multi_label_classification")
        return ScoreFunction::Sigmoid;
    if (!problem.empty() && problem != "single_label_classification")
        config.refuse("problem_type", "is '" + problem +
                                          "'; known are regression, single_label_classification and "
                                          "multi_label_classification");
    return labels == 1 ? ScoreFunction::Sigmoid : ScoreFunction::Softmax;
}

// Its name is a dotted path; only torch's own functions are ever run.
ScoreFunction functionNamed(const std::string& name, const std::string& file) {
    const std::string last = name.substr(name.rfind('.') + 1);
    const auto known =
        std::find_if(kFunctions.begin(), kFunctions.end(), [&](const auto& f) { return f.first == last; });
    if (!name.starts_with("torch.nn.") || known == kFunctions.end())
        throw Failure(ErrorCode::UnsupportedModel,
                      file + ": the activation '" + name +
                          "' cannot be computed; known are Identity, Sigmoid and Softmax of torch.nn",
                      {{"file", file}, {"activation", name}});
    return known->second;
}

// Newest spelling first, as each overrules the older ones.
ScoreFunction scoringFunction(const ModelFolder& folder, const JsonFields& config, std::size_t labels) {
    if (folder.modules.activation)
        return functionNamed(*folder.modules.activation, "config_sentence_transformers.json");
    if (const json* settings = config.find("sentence_transformers")) {
        const JsonFields own(*settings, folder.configFile + " \"sentence_transformers\"");
        if (const auto name = own.text("activation_fn"))
            return functionNamed(*name, folder.configFile);
    }
    if (const auto name = config.text("sbert_ce_default_activation_function"))
        return functionNamed(*name, folder.configFile);
    return labels == 1 ? ScoreFunction::Sigmoid : ScoreFunction::None;
}

} // namespace

ClassifierConfig readClassifierConfig(const ModelFolder& folder) {
    const JsonFields config(*folder.config, folder.configFile);
    ClassifierConfig read;
    read.labels = readLabels(config);
    read.classification = classificationFunction(config, read.labels.size());
    read.scoring = scoringFunction(folder, config, read.labels.size());
    return read;
}

} // namespace mm::worker
