// grpc.health.v1.Health: the engine as a whole (""), each gRPC service, and each model by its id. A model is SERVING
// while it is loaded, and NOT_SERVING while it is not, loads, drains or is unhealthy. Handlers run on gRPC's threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "engine/grpc/health/health_board.h"
#include "grpc/health/v1/health.grpc.pb.h"

#include <memory>

namespace mm::grpc_face {

class HealthRpc final : public Rpc<grpc::health::v1::Health> {
public:
    HealthRpc(Face face, const std::shared_ptr<HealthBoard>& board);
};

} // namespace mm::grpc_face
