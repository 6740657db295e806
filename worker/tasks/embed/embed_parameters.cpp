#include "worker/tasks/embed/embed_parameters.h"

#include "engine/base/near_match.h"
#include "worker/tasks/parameter_values.h"

#include <algorithm>
#include <vector>

namespace mm::worker {
namespace {

const std::string& namedPrompt(const std::string& name, const PromptSet& prompts) {
    const auto found = prompts.texts.find(name);
    if (found != prompts.texts.end())
        return found->second;
    std::vector<std::string> known;
    std::string list;
    for (const auto& [knownName, text] : prompts.texts) {
        known.push_back(knownName);
        list += (list.empty() ? "" : ", ") + knownName;
    }
    refuseParameter("prompt_name",
                    "the model has no prompt '" + name + "'; it has: " + list + "." + didYouMean(name, known));
}

} // namespace

EmbedParameters parseEmbedParameters(const google::protobuf::Struct& parameters, const PromptSet& prompts,
                                     int embeddingDimension) {
    static const std::vector<std::string> kKnown{"dimensions", "normalize", "prompt", "prompt_name", "truncate"};
    EmbedParameters wanted;
    for (const auto& [name, value] : parameters.fields()) {
        const bool known = std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
        if (known && value.kind_case() == google::protobuf::Value::kNullValue)
            continue;
        if (name == "normalize") {
            wanted.normalize = readFlag(name, value);
        } else if (name == "truncate") {
            wanted.truncate = readFlag(name, value);
        } else if (name == "dimensions") {
            wanted.dimensions =
                readCount(name, value, embeddingDimension,
                          "this model's embeddings have " + std::to_string(embeddingDimension) + " values");
        } else if (name == "prompt" || name == "prompt_name") {
            if (wanted.promptGiven)
                refuseParameter(name, "give either prompt or prompt_name, not both");
            const std::string& text = readText(name, value);
            wanted.prompt = name == "prompt" ? text : namedPrompt(text, prompts);
            wanted.promptGiven = true;
        } else {
            refuseUnknownParameter(name, "embeddings", kKnown);
        }
    }
    if (!wanted.promptGiven && prompts.defaultName)
        wanted.prompt = prompts.texts.at(*prompts.defaultName);
    return wanted;
}

} // namespace mm::worker
