// ModelInference over gRPC: the service that MiraVeja's other services call, over the same core as InferenceService.
// Handlers run on gRPC's threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "miraveja/model_inference.grpc.pb.h"

namespace mm::grpc_face {

class ModelInferenceRpc final : public Rpc<ModelInference> {
public:
    explicit ModelInferenceRpc(Face face);
};

} // namespace mm::grpc_face
