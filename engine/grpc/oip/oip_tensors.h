// ModelInferRequest and ModelInferResponse, to and from the tensors that both faces share. Pure, any thread.
#pragma once

#include "engine/dialects/oip/infer.h"
#include "inference/grpc_service.pb.h"

#include <memory>

namespace mm::grpc_face {

// The call's tensors point into the request, whose texts are moved out of it. InvalidInput where raw contents and
// inputs do not match; the tensors themselves are checked later, against the model.
Result<dialects::oip::InferCall> toInferCall(::inference::ModelInferRequest& request);

// Outputs as raw contents.
::inference::ModelInferResponse toInferResponse(const dialects::oip::InferResult& result,
                                                const dialects::oip::InferCall& call);

// Of a load or unload; contents of files become null.
google::protobuf::Struct
toStruct(const google::protobuf::Map<std::string, ::inference::ModelRepositoryParameter>& parameters);

} // namespace mm::grpc_face
