#include "tests/unit/grpc/grpc_fixture.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

namespace mm::test {

GrpcFixture::GrpcFixture() : server({.address = "127.0.0.1:0"}, fake.services()) {}

GrpcFixture::~GrpcFixture() = default;

bool GrpcFixture::start() {
    const auto started = server.start();
    if (!started.ok())
        return false;
    port = *started;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    channel =
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), arguments);
    return true;
}

v1::Error trailerOf(const grpc::ClientContext& context) {
    v1::Error error;
    const auto& trailers = context.GetServerTrailingMetadata();
    if (const auto found = trailers.find(grpc_face::kErrorTrailer); found != trailers.end())
        (void)error.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()));
    return error;
}

grpc::Status rawCall(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
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
