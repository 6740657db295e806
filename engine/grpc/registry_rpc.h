// modelmora.v1.RegistryService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/registry.grpc.pb.h"

namespace mm::grpc_face {

class RegistryRpc final : public Rpc<modelmora::v1::RegistryService> {
public:
    explicit RegistryRpc(Face face);
};

} // namespace mm::grpc_face
