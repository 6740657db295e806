// A GrpcServer over fake services on a free port of this machine, and a channel to it.
#pragma once

#include "engine/grpc/grpc_server.h"
#include "engine/grpc/status_mapping.h"
#include "tests/support/fake_services.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace mm::test {

struct GrpcFixture {
    GrpcFixture();
    ~GrpcFixture();
    GrpcFixture(const GrpcFixture&) = delete;
    GrpcFixture& operator=(const GrpcFixture&) = delete;

    // False when the server could not be started.
    bool start();

    FakeServices fake;
    GrpcServer server;
    int port = 0;
    std::shared_ptr<grpc::Channel> channel;
};

// The typed error in a failed call's trailing metadata; empty where there is none.
v1::Error trailerOf(const grpc::ClientContext& context);

// One unary call by its path with raw bytes, valid or not.
grpc::Status rawCall(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                     const std::string& path, const std::string& bytes);

} // namespace mm::test
