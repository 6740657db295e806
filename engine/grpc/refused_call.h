// Calls that end before they begin, with the reason: for streams that the gate refuses. They end themselves in
// OnDone().
#pragma once

#include "engine/grpc/status_mapping.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

namespace mm::grpc_face {

template <typename Reactor>
class RefusedCall final : public Reactor {
public:
    RefusedCall(const Error& error, grpc::CallbackServerContext& context) { this->Finish(toStatus(error, context)); }

private:
    void OnDone() override { delete this; }
};

using RefusedAnswers = RefusedCall<grpc::ServerWriteReactor<grpc::ByteBuffer>>;
using RefusedStream = RefusedCall<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>;

} // namespace mm::grpc_face
