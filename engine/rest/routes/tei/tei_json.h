// Bodies of text-embeddings-inference's /embed, /rerank, /predict and /info: JSON → request, answer → JSON. Pure, any
// thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/windows/answer_form.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <memory>
#include <string_view>

namespace mm::rest::tei {

struct TeiRequest {
    std::shared_ptr<modelmora::v1::InferenceRequest> inference = std::make_shared<modelmora::v1::InferenceRequest>();
    bool returnText = false; // of /rerank
    bool isBatch = false;    // of /predict
};

Result<TeiRequest> readEmbed(std::string_view json);
Result<TeiRequest> readRerank(std::string_view json);
Result<TeiRequest> readPredict(std::string_view json);
// What clients of Hugging Face's inference API send for text classification: "parameters" beside the inputs, and labels
// expected in a list of lists always.
Result<TeiRequest> readClassify(std::string_view json);

EmbeddingForm embedForm();
Result<Answer> embedAnswer(const modelmora::v1::InferenceResponse& response, const TeiRequest& request);
Result<Answer> rerankAnswer(const modelmora::v1::InferenceResponse& response, const TeiRequest& request);
Result<Answer> predictAnswer(const modelmora::v1::InferenceResponse& response, const TeiRequest& request);
// What is known only of a loaded model is null until it is.
Answer infoAnswer(const modelmora::v1::Model& model, const modelmora::v1::ModelStatus& status);

} // namespace mm::rest::tei
