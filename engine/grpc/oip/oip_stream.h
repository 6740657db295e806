// The messages of inference.GRPCInferenceService.ModelStreamInfer, and what its requests and those of ModelInfer
// become. A request that fails is answered in its place by error_message, beside the request's id; every answer says
// that it is the final one of its request, since each has exactly one.
#pragma once

#include "engine/dialects/oip/infer.h"
#include "engine/grpc/call/rpc.h"
#include "engine/grpc/call/stream_messages.h"
#include "inference/grpc_service.pb.h"

#include <memory>
#include <string>

namespace mm::grpc_face {

// The request stays alive as long as the order's call is used.
Result<dialects::oip::InferOrder> oipOrder(const Face& face,
                                           const std::shared_ptr<::inference::ModelInferRequest>& request,
                                           service::CallContext caller, const grpc::CallbackServerContext& context);

class OipStream final : public StreamMessages {
public:
    // Made in the caller's name.
    OipStream(Face face, Result<std::string> client)
        : m_face(std::move(face)), m_client(std::move(client)), m_identity(service::CallerScope::identity()) {}

    std::function<void()> start(const grpc::ByteBuffer& bytes, const grpc::CallbackServerContext& context,
                                Answer answer) override;

private:
    Face m_face;
    Result<std::string> m_client;
    access::IdentityPtr m_identity; // of the call
};

} // namespace mm::grpc_face
