// modelmora.v1.ManagementService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/management.grpc.pb.h"

namespace mm::grpc_face {

class ManagementRpc final : public Rpc<modelmora::v1::ManagementService> {
public:
    explicit ManagementRpc(Face face);
};

} // namespace mm::grpc_face
