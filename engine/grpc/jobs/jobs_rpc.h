// modelmora.v1.JobService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/jobs.grpc.pb.h"

namespace mm::grpc_face {

class JobsRpc final : public Rpc<modelmora::v1::JobService> {
public:
    explicit JobsRpc(Face face);
};

} // namespace mm::grpc_face
