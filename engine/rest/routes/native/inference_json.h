// Bodies of POST /infer/{model}: JSON → InferenceRequest, InferenceResponse → JSON. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/windows/answer_form.h"
#include "modelmora/v1/inference.pb.h"

#include <string_view>

namespace mm::rest::native {

Result<void> readInference(std::string_view json, modelmora::v1::InferenceRequest& out);

// `isList`: the inputs came as a list, so the outputs go back as one, however many there are.
Answer inferenceAnswer(const modelmora::v1::InferenceResponse& response, bool isList);
AnswerForm inferenceForm(bool isList);

} // namespace mm::rest::native
