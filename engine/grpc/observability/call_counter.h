// Counts the calls that were answered, by method and status code. gRPC's threads.
#pragma once

#include "engine/service/observability/observability_service.h"

#include <grpcpp/support/server_interceptor.h>

namespace mm::grpc_face {

class CallCounters final : public grpc::experimental::ServerInterceptorFactoryInterface {
public:
    // It outlives the server.
    explicit CallCounters(service::ObservabilityService& service) : m_service(service) {}

    grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

private:
    service::ObservabilityService& m_service;
};

} // namespace mm::grpc_face
