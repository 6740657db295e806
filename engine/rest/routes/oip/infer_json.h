// Bodies of POST …/infer: JSON alone, or JSON with the bytes of tensors behind it (the binary tensor data extension),
// both ways. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/dialects/oip/infer.h"
#include "engine/rest/answer.h"

#include <string_view>

namespace mm::rest::oip {

inline constexpr std::string_view kHeaderLength = "Inference-Header-Content-Length";

// `headerLength` is what that header says, empty where it is not there. Binary tensors point into the body.
Result<dialects::oip::InferCall> readInfer(std::string_view body, std::string_view headerLength);

Answer inferAnswer(const dialects::oip::InferResult& result, const dialects::oip::InferCall& call);

} // namespace mm::rest::oip
