#include "engine/grpc/native_messages.h"

#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/deadline.h"
#include "engine/ipc/facts.h"

#include <utility>

namespace mm::grpc_face {
namespace {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

grpc::ByteBuffer encodedError(const v1::InferenceRequest& request, const std::string& requestId, const Error& error) {
    v1::InferenceResponse response;
    response.set_model_id(request.model_id());
    response.mutable_metadata()->set_request_id(requestId);
    *response.mutable_error() = ipc::toProto(error);
    auto bytes = encode(response);
    return bytes.ok() ? *bytes : grpc::ByteBuffer(); // buffers are shared, not copied
}

grpc::ByteBuffer encodedAnswer(const v1::InferenceRequest& request, const std::string& requestId,
                               const Result<Response>& result, std::size_t limit) {
    if (!result.ok())
        return encodedError(request, requestId, result.error());
    auto bytes = encode(**result, limit);
    return bytes.ok() ? *bytes : encodedError(request, requestId, bytes.error());
}

} // namespace

std::function<void()> NativeMessages::start(const grpc::ByteBuffer& bytes, const grpc::CallbackServerContext& context,
                                            Answer answer) {
    auto request = std::make_shared<v1::InferenceRequest>();
    const Result<void> read = decode(bytes, *request);
    const auto refuse = [&](const Error& error) -> std::function<void()> {
        answer(encodedError(*request, {}, error));
        return {};
    };
    if (!read.ok())
        return refuse(read.error());
    if (!m_client.ok())
        return refuse(m_client.error());
    // An id in the metadata names the stream, not one of its requests.
    Result<std::string> id =
        request->request_id().empty() ? Result<std::string>(newUuid()) : requestIdOf(context, request->request_id());
    if (!id.ok())
        return refuse(id.error());
    service::CallContext call;
    call.client = *m_client;
    call.identity = m_identity;
    call.requestId = *id;
    call.trace = traceOf(context);
    applyDeadline(context, *request);
    service::InferenceService& inference = m_face.services.inference;
    auto reply = [threads = m_face.threads, limit = m_face.maxMessageBytes, request, id = *id,
                  answer = std::move(answer)](Result<Response> result) {
        threads->post([request, id, limit, answer, result = std::move(result)] {
            answer(encodedAnswer(*request, id, result, limit));
        });
    };
    inference.infer(request, std::move(call), std::move(reply));
    return [&inference, id = std::move(id).value()] { inference.cancel(id); };
}

} // namespace mm::grpc_face
