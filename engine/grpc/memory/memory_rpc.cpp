#include "engine/grpc/memory/memory_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

MemoryRpc::MemoryRpc(Face face) : Rpc(std::move(face)) {
    service::SystemService& system = services().system;
    unary<v1::GetEvictionOrderRequest, v1::EvictionOrder>(
        "GetEvictionOrder", access::Operation::ReadStatus,
        [&system](auto&&, auto reply) { system.evictionOrder(std::move(reply)); });
}

} // namespace mm::grpc_face
