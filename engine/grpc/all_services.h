// Every gRPC service that the engine offers, in one list: a new one is a file pair and a line in all_services.cpp.
#pragma once

#include "engine/grpc/call/rpc.h"

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

namespace mm::grpc_face {

struct NamedService {
    std::string name; // as the health service knows it
    std::unique_ptr<grpc::Service> service;
};
using ServiceList = std::vector<NamedService>;

void registerAllServices(ServiceList& list, const Face& face);

} // namespace mm::grpc_face
