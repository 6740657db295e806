// A GrpcServer over fake services on a free port of this machine, and a channel to it.
#pragma once

#include "engine/grpc/grpc_server.h"
#include "engine/grpc/status_mapping.h"
#include "tests/support/fake_services.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace mm::test {

struct GrpcFixture {
    FakeServices fake;
    GrpcServer server{{.address = "127.0.0.1:0"}, fake.services()};
    int port = 0;
    std::shared_ptr<grpc::Channel> channel;

    // False when the server could not be started.
    bool start() {
        const auto started = server.start();
        if (!started.ok())
            return false;
        port = *started;
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        arguments.SetMaxReceiveMessageSize(-1);
        channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(),
                                            arguments);
        return true;
    }
};

// The typed error in a failed call's trailing metadata; empty where there is none.
inline v1::Error trailerOf(const grpc::ClientContext& context) {
    v1::Error error;
    const auto& trailers = context.GetServerTrailingMetadata();
    if (const auto found = trailers.find(grpc_face::kErrorTrailer); found != trailers.end())
        (void)error.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()));
    return error;
}

// One unary call by its path with raw bytes, valid or not.
inline grpc::Status rawCall(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                            const std::string& path, const std::string& bytes) {
    grpc::GenericStub stub(channel);
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
    const auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(&slice, 1), &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    (void)queue.Next(&tag, &ok);
    return status;
}

} // namespace mm::test
