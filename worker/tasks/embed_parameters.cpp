#include "worker/tasks/embed_parameters.h"

#include "engine/base/near_match.h"
#include "worker/runtime/failure.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mm::worker {
namespace {

using google::protobuf::Value;

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    throw Failure(invalidField("parameters." + name, why));
}

bool readFlag(const std::string& name, const Value& value) {
    if (value.kind_case() != Value::kBoolValue)
        refuse(name, "true or false is needed");
    return value.bool_value();
}

const std::string& readText(const std::string& name, const Value& value) {
    if (value.kind_case() != Value::kStringValue)
        refuse(name, "a text is needed");
    return value.string_value();
}

int readDimensions(const std::string& name, const Value& value, int largest) {
    const double number = value.kind_case() == Value::kNumberValue ? value.number_value() : 0;
    if (!(number >= 1 && number <= largest) || std::nearbyint(number) != number)
        refuse(name, "a whole number from 1 to " + std::to_string(largest) +
                         " is needed: this model's embeddings have " + std::to_string(largest) + " values");
    return static_cast<int>(number);
}

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
    refuse("prompt_name", "the model has no prompt '" + name + "'; it has: " + list + "." + didYouMean(name, known));
}

} // namespace

EmbedParameters parseEmbedParameters(const google::protobuf::Struct& parameters, const PromptSet& prompts,
                                     int embeddingDimension) {
    static const std::vector<std::string> kKnown{"dimensions", "normalize", "prompt", "prompt_name", "truncate"};
    EmbedParameters wanted;
    for (const auto& [name, value] : parameters.fields()) {
        const bool known = std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
        if (known && value.kind_case() == Value::kNullValue)
            continue;
        if (name == "normalize") {
            wanted.normalize = readFlag(name, value);
        } else if (name == "truncate") {
            wanted.truncate = readFlag(name, value);
        } else if (name == "dimensions") {
            wanted.dimensions = readDimensions(name, value, embeddingDimension);
        } else if (name == "prompt" || name == "prompt_name") {
            if (wanted.promptGiven)
                refuse(name, "give either prompt or prompt_name, not both");
            const std::string& text = readText(name, value);
            wanted.prompt = name == "prompt" ? text : namedPrompt(text, prompts);
            wanted.promptGiven = true;
        } else {
            refuse(name, "embeddings have no such parameter; they have dimensions, normalize, prompt, prompt_name and "
                         "truncate." +
                             didYouMean(name, kKnown));
        }
    }
    if (!wanted.promptGiven && prompts.defaultName)
        wanted.prompt = prompts.texts.at(*prompts.defaultName);
    return wanted;
}

} // namespace mm::worker
