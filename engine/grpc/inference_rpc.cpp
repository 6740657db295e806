#include "engine/grpc/inference_rpc.h"

#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/deadline.h"
#include "engine/grpc/call/infer_stream.h"
#include "engine/grpc/native_messages.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

InferenceRpc::InferenceRpc(Face face) : Rpc(std::move(face)) {
    service::InferenceService& inference = services().inference;
    service::QueueService& queue = services().queue;
    unaryWithCall<v1::InferenceRequest, service::InferenceService::Response>(
        "Infer", access::Operation::Infer,
        [&inference](v1::InferenceRequest&& request, auto reply, UnaryCall& call,
                     grpc::CallbackServerContext& context) {
            applyDeadline(context, request);
            Result<service::CallContext> asked = callOf(context, request.request_id());
            if (!asked.ok())
                return call.fail(asked.error());
            call.identify(*asked);
            call.onCancel([&inference, id = asked->requestId] { inference.cancel(id); });
            inference.infer(std::make_shared<const v1::InferenceRequest>(std::move(request)), std::move(asked).value(),
                            std::move(reply));
        });
    bidirectional(
        "InferStream", access::Operation::Infer, [shared = this->face()](grpc::CallbackServerContext* context) {
            auto messages = std::make_unique<NativeMessages>(shared, callerOf(*context));
            return new grpc_face::InferStream(context, std::move(messages), shared.held); // ends itself in OnDone()
        });
    bindJobs();
    unary<v1::GetQueueRequest, v1::QueueReport>(
        "GetQueue", access::Operation::ReadQueue, [&queue](auto&& request, auto reply) {
            queue.queue(std::forward<decltype(request)>(request), std::move(reply));
        });
    unary<v1::GetRequestRequest, v1::QueueEntry>(
        "GetRequest", access::Operation::ReadQueue, [&queue](auto&& request, auto reply) {
            queue.getRequest(std::forward<decltype(request)>(request), std::move(reply));
        });
    unary<v1::CancelRequestRequest, v1::QueueEntry>(
        "CancelRequest", access::Operation::CancelRequest, [&queue](auto&& request, auto reply) {
            queue.cancelRequest(std::forward<decltype(request)>(request), std::move(reply));
        });
    unary<v1::SetRequestPriorityRequest, v1::QueueEntry>(
        "SetRequestPriority", access::Operation::ChangeQueue, [&queue](auto&& request, auto reply) {
            queue.setRequestPriority(std::forward<decltype(request)>(request), std::move(reply));
        });
    unary<v1::HoldRequestRequest, v1::QueueEntry>(
        "HoldRequest", access::Operation::ChangeQueue, [&queue](auto&& request, auto reply) {
            queue.holdRequest(std::forward<decltype(request)>(request), std::move(reply));
        });
    unary<v1::ReleaseRequestRequest, v1::QueueEntry>(
        "ReleaseRequest", access::Operation::ChangeQueue, [&queue](auto&& request, auto reply) {
            queue.releaseRequest(std::forward<decltype(request)>(request), std::move(reply));
        });
}

void InferenceRpc::bindJobs() {
    service::JobService& jobs = services().jobs;
    unaryWithCall<v1::InferenceRequest, v1::JobReference>(
        "InferAsync", access::Operation::SubmitJob,
        [&jobs](v1::InferenceRequest&& request, auto reply, UnaryCall& call, grpc::CallbackServerContext& context) {
            Result<service::CallContext> asked = callOf(context, request.request_id());
            if (!asked.ok())
                return call.fail(asked.error());
            call.identify(*asked);
            jobs.submit(std::make_shared<const v1::InferenceRequest>(std::move(request)), std::move(asked).value(),
                        std::move(reply));
        });
    unary<v1::GetJobStatusRequest, v1::JobStatusResponse>(
        "GetJobStatus", access::Operation::ReadJobs,
        [&jobs](auto request, auto reply) { jobs.status(std::move(request), std::move(reply)); });
    unary<v1::GetJobResultRequest, service::JobService::Response>(
        "GetJobResult", access::Operation::ReadJobs,
        [&jobs](auto request, auto reply) { jobs.result(std::move(request), std::move(reply)); });
    unary<v1::ListJobsRequest, v1::ListJobsResponse>(
        "ListJobs", access::Operation::ReadJobs,
        [&jobs](auto request, auto reply) { jobs.list(std::move(request), std::move(reply)); });
    unary<v1::CancelJobRequest, v1::CancelJobResponse>(
        "CancelJob", access::Operation::CancelJob,
        [&jobs](auto request, auto reply) { jobs.cancel(std::move(request), std::move(reply)); });
}

} // namespace mm::grpc_face
