// What a request asks of an embedding: how long, cut or not, normalised or not, behind which prompt. Pure, any thread.
// parseEmbedParameters() throws Failure(ValidationError) that names the parameter.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <map>
#include <optional>
#include <string>

namespace mm::worker {

struct EmbedParameters {
    // Unset: as the model's own modules do.
    std::optional<bool> normalize;
    // The first so many values only; unset: all of them.
    std::optional<int> dimensions;
    // False: a text over the limit is refused instead of cut.
    bool truncate = true;
    // Put in front of every text; empty: nothing.
    std::string prompt;
    // The request itself named a prompt, so the model's default is not meant.
    bool promptGiven = false;
};

struct PromptSet {
    std::map<std::string, std::string> texts;
    std::optional<std::string> defaultName;
};

EmbedParameters parseEmbedParameters(const google::protobuf::Struct& parameters, const PromptSet& prompts,
                                     int embeddingDimension);

} // namespace mm::worker
