// inference.GRPCInferenceService: the Open Inference Protocol, version 2.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "inference/grpc_service.grpc.pb.h"

namespace mm::grpc_face {

class OipRpc final : public Rpc<::inference::GRPCInferenceService> {
public:
    explicit OipRpc(Face face);

private:
    void bindServer();
    void bindModels();
    void bindInference();
    void bindRepository();
    void bindUnsupported();
};

} // namespace mm::grpc_face
