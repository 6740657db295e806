// EmbeddingRequest of ModelInference → InferenceRequest of the engine, and its answer back. Pure, any thread.
// Fails with ValidationError that names each wrong field or option.
#pragma once

#include "engine/base/result.h"
#include "miraveja/model_inference.pb.h"
#include "modelmora/v1/inference.pb.h"

#include <string>

namespace mm::grpc_face {

Result<modelmora::v1::InferenceRequest> toInference(EmbeddingRequest&& request);

// Fails with InvalidTaskType where the model gave something else than one vector.
Result<EmbeddingResponse> toEmbedding(const modelmora::v1::InferenceResponse& response, const std::string& requestId);

} // namespace mm::grpc_face
