// Bodies of POST /infer/{model}: JSON → InferenceRequest, InferenceResponse → JSON. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/routes/native/inference_data_json.h"
#include "engine/rest/windows/answer_form.h"
#include "modelmora/v1/inference.pb.h"

#include <string_view>

namespace mm::rest::native {

// "base64" as embedding_format becomes EMBEDDING_FORMAT_BYTES.
Result<void> readInference(std::string_view json, modelmora::v1::InferenceRequest& out);

Answer inferenceAnswer(const modelmora::v1::InferenceResponse& response, const OutputForm& form);
AnswerForm inferenceForm(const OutputForm& form);

} // namespace mm::rest::native
