// Bodies of POST /v1/embeddings: OpenAI's JSON → InferenceRequest, InferenceResponse → OpenAI's JSON. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/answer.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>
#include <string_view>

namespace mm::rest::openai {

struct EmbeddingsRequest {
    std::shared_ptr<modelmora::v1::InferenceRequest> inference;
    bool asBase64 = false; // little-endian float32 instead of decimal numbers
};

Result<EmbeddingsRequest> readEmbeddings(std::string_view json);
Answer embeddingsAnswer(const modelmora::v1::InferenceResponse& response, bool asBase64);

} // namespace mm::rest::openai
