// Bodies of POST /v1/embeddings: OpenAI's JSON → InferenceRequest, InferenceResponse → OpenAI's JSON. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/windows/answer_form.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>
#include <string>
#include <string_view>

namespace mm::rest::openai {

struct EmbeddingsRequest {
    std::shared_ptr<modelmora::v1::InferenceRequest> inference;
    bool asBase64 = false; // little-endian float32 instead of decimal numbers
};

// Where the path names the model already, the body need not, and does not count.
Result<EmbeddingsRequest> readEmbeddings(std::string_view json, const std::string& modelOfPath = {});
AnswerForm embeddingsForm(bool asBase64);

} // namespace mm::rest::openai
