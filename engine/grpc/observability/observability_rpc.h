// modelmora.v1.ObservabilityService: metrics, history, requests by what became of them, the log. gRPC's threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/observability.grpc.pb.h"

namespace mm::grpc_face {

class ObservabilityRpc final : public Rpc<modelmora::v1::ObservabilityService> {
public:
    explicit ObservabilityRpc(Face face);
};

} // namespace mm::grpc_face
