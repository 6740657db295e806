// modelmora.v1.MemoryService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/memory.grpc.pb.h"

namespace mm::grpc_face {

class MemoryRpc final : public Rpc<modelmora::v1::MemoryService> {
public:
    explicit MemoryRpc(Face face);
};

} // namespace mm::grpc_face
