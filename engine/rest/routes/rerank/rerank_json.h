// Bodies of POST /v1/rerank and /v2/rerank, as clients of Jina and Cohere send and expect them: JSON → request, answer
// → JSON. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/answer.h"
#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::rest::rerank {

enum class Version { One, Two };

struct RerankRequest {
    std::shared_ptr<modelmora::v1::InferenceRequest> inference = std::make_shared<modelmora::v1::InferenceRequest>();
    // The documents that are objects, by their place: their texts by name, and which of those are compared.
    std::map<int, std::map<std::string, std::string>> objects;
    std::vector<std::string> rankFields{"text"};
    std::int64_t topN = 0; // 0: all
    bool returnDocuments = true;
};

// Version two returns no documents unless it is asked to; version one does unless it is asked not to.
Result<RerankRequest> readRerank(std::string_view json, Version version);

Result<Answer> rerankAnswer(const modelmora::v1::InferenceResponse& response, const RerankRequest& request,
                            Version version);

} // namespace mm::rest::rerank
