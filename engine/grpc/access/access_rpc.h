// modelmora.v1.AccessService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/access.grpc.pb.h"

namespace mm::grpc_face {

class AccessRpc final : public Rpc<modelmora::v1::AccessService> {
public:
    explicit AccessRpc(Face face);
};

} // namespace mm::grpc_face
