#include "engine/grpc/inference_rpc.h"

#include "engine/base/ids.h"
#include "engine/grpc/call/deadline.h"
#include "engine/grpc/call/infer_stream.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

namespace {

using BidiHandler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;

grpc::internal::MethodHandler* inferStream(const Face& face) {
    return new BidiHandler([face](grpc::CallbackServerContext* context) {
        return new InferStream(context, face); // ends itself in OnDone()
    });
}

constexpr const char* kNoJobs =
    "This engine keeps no jobs yet. Use Infer, or InferStream for many requests, and wait for "
    "the answer.";
constexpr const char* kNoQueue = "This engine does not show its queue yet.";

} // namespace

InferenceRpc::InferenceRpc(Face face) : Rpc(std::move(face)) {
    service::InferenceService& inference = services().inference;
    unaryWithCall<v1::InferenceRequest, service::InferenceService::Response>(
        "Infer", [&inference](v1::InferenceRequest&& request, auto reply, UnaryCall& call,
                              grpc::CallbackServerContext& context) {
            applyDeadline(context, request);
            service::CallContext asked;
            asked.requestId = request.request_id().empty() ? newUuid() : request.request_id();
            call.onCancel([&inference, id = asked.requestId] { inference.cancel(id); });
            inference.infer(std::make_shared<const v1::InferenceRequest>(std::move(request)), std::move(asked),
                            std::move(reply));
        });
    MarkMethodRawCallback(indexOf("InferStream"), inferStream(this->face()));
    notImplemented<v1::InferenceRequest>("InferAsync", kNoJobs);
    notImplemented<v1::GetJobStatusRequest>("GetJobStatus", kNoJobs);
    notImplemented<v1::GetJobResultRequest>("GetJobResult", kNoJobs);
    notImplemented<v1::ListJobsRequest>("ListJobs", kNoJobs);
    notImplemented<v1::CancelJobRequest>("CancelJob", kNoJobs);
    notImplemented<v1::GetQueueRequest>("GetQueue", kNoQueue);
    notImplemented<v1::GetRequestRequest>("GetRequest", kNoQueue);
    notImplemented<v1::CancelRequestRequest>("CancelRequest", kNoQueue);
    notImplemented<v1::SetRequestPriorityRequest>("SetRequestPriority", kNoQueue);
    notImplemented<v1::HoldRequestRequest>("HoldRequest", kNoQueue);
    notImplemented<v1::ReleaseRequestRequest>("ReleaseRequest", kNoQueue);
}

} // namespace mm::grpc_face
