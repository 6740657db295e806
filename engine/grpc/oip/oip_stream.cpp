#include "engine/grpc/oip/oip_stream.h"

#include "engine/base/ids.h"
#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/deadline.h"
#include "engine/grpc/oip/oip_tensors.h"

#include <utility>

namespace mm::grpc_face {
namespace {

namespace v1 = modelmora::v1;
namespace pb = ::inference;
namespace core = dialects::oip;

// The least time that is left of the call's deadline and the request's own.
std::function<void(v1::InferenceRequest&)> deadlineOf(const grpc::CallbackServerContext& context) {
    v1::InferenceRequest limit;
    applyDeadline(context, limit);
    return [seconds = limit.timeout_seconds()](v1::InferenceRequest& request) {
        if (seconds > 0 && (request.timeout_seconds() == 0 || request.timeout_seconds() > seconds))
            request.set_timeout_seconds(seconds);
    };
}

grpc::ByteBuffer encodedFinal(pb::ModelStreamInferResponse& response, std::size_t limit = kMaxMessageBytes) {
    const std::string isFinal = "triton_final_response";
    (*response.mutable_infer_response()->mutable_parameters())[isFinal].set_bool_param(true);
    auto bytes = encode(response, limit);
    if (bytes.ok())
        return *bytes; // buffers are shared, not copied
    pb::ModelStreamInferResponse failed;
    failed.set_error_message(bytes.error().message);
    failed.mutable_infer_response()->set_id(response.infer_response().id());
    bytes = encode(failed);
    return bytes.ok() ? *bytes : grpc::ByteBuffer();
}

grpc::ByteBuffer encodedError(const pb::ModelInferRequest& request, const Error& error) {
    pb::ModelStreamInferResponse response;
    response.set_error_message(error.message);
    response.mutable_infer_response()->set_model_name(request.model_name());
    response.mutable_infer_response()->set_model_version(request.model_version());
    response.mutable_infer_response()->set_id(request.id());
    return encodedFinal(response);
}

} // namespace

Result<core::InferOrder> oipOrder(const Face& face, const std::shared_ptr<pb::ModelInferRequest>& request,
                                  service::CallContext caller, const grpc::CallbackServerContext& context) {
    core::InferOrder order;
    order.context = std::move(caller);
    order.bytes = request->ByteSizeLong();
    MM_TRY(core::InferCall call, toInferCall(*request));
    order.call = std::make_shared<core::InferCall>(std::move(call));
    order.work = [threads = face.threads, request](std::size_t, std::function<void()> task) {
        threads->post(std::move(task));
    };
    order.adjust = deadlineOf(context);
    return order;
}

std::function<void()> OipStream::start(const grpc::ByteBuffer& bytes, const grpc::CallbackServerContext& context,
                                       Answer answer) {
    const auto request = std::make_shared<pb::ModelInferRequest>();
    if (const Result<void> read = decode(bytes, *request); !read.ok()) {
        answer(encodedError(*request, read.error()));
        return {};
    }
    if (!m_client.ok()) {
        answer(encodedError(*request, m_client.error()));
        return {};
    }
    service::CallContext caller;
    caller.client = *m_client;
    caller.identity = m_identity;
    const service::CallerScope scope(*m_client, m_identity);
    caller.requestId = newUuid();
    caller.trace = traceOf(context);
    Result<core::InferOrder> order = oipOrder(m_face, request, std::move(caller), context);
    if (!order.ok()) {
        answer(encodedError(*request, order.error()));
        return {};
    }
    const auto call = order->call;
    const auto cancel = core::cancelFor(m_face.services, *order);
    core::infer(
        m_face.services, std::move(order).value(), cancel,
        [limit = m_face.maxMessageBytes, request, call, answer = std::move(answer)](Result<core::InferResult> result) {
            if (!result.ok()) // on the engine thread: an error is quickly encoded
                return answer(encodedError(*request, result.error()));
            pb::ModelStreamInferResponse response;
            *response.mutable_infer_response() = toInferResponse(*result, *call);
            answer(encodedFinal(response, limit));
        });
    return [cancel] { cancel->cancel(); };
}

} // namespace mm::grpc_face
