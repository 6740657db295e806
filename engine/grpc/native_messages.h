// The messages of modelmora.v1.InferenceService.InferStream. A request that fails is answered with
// InferenceResponse.error in its place.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "engine/grpc/call/stream_messages.h"

#include <string>

namespace mm::grpc_face {

class NativeMessages final : public StreamMessages {
public:
    // Made in the caller's name.
    NativeMessages(Face face, Result<std::string> client)
        : m_face(std::move(face)), m_client(std::move(client)), m_identity(service::CallerScope::identity()) {}

    std::function<void()> start(const grpc::ByteBuffer& bytes, const grpc::CallbackServerContext& context,
                                Answer answer) override;

private:
    Face m_face;
    Result<std::string> m_client;
    access::IdentityPtr m_identity; // of the call
};

} // namespace mm::grpc_face
