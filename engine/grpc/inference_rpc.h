// modelmora.v1.InferenceService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/inference.grpc.pb.h"

namespace mm::grpc_face {

class InferenceRpc final : public Rpc<modelmora::v1::InferenceService> {
public:
    explicit InferenceRpc(Face face);

private:
    void bindJobs();
};

} // namespace mm::grpc_face
