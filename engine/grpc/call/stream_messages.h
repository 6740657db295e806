// What the messages of an InferStream are: how a request is started, and how its answer or its error looks. One for
// each call; start() is called for one request after the other, on gRPC's threads.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <functional>

namespace mm::grpc_face {

class StreamMessages {
public:
    virtual ~StreamMessages() = default;

    // Called once, from any thread.
    using Answer = std::function<void(grpc::ByteBuffer)>;

    // Starts the request in these bytes, whatever they are: what is wrong with it is an answer too. Returns how it is
    // cancelled, which may be called at any time, or nothing where it has been answered already.
    virtual std::function<void()> start(const grpc::ByteBuffer& bytes, const grpc::CallbackServerContext& context,
                                        Answer answer) = 0;
};

} // namespace mm::grpc_face
