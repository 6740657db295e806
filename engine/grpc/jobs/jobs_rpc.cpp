#include "engine/grpc/jobs/jobs_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

JobsRpc::JobsRpc(Face face) : Rpc(std::move(face)) {
    service::JobService& jobs = services().jobs;
    unary<v1::RetryJobRequest, v1::JobReference>(
        "RetryJob", access::Operation::RetryJob,
        [&jobs](auto request, auto reply) { jobs.retry(std::move(request), std::move(reply)); });
}

} // namespace mm::grpc_face
