#include "engine/grpc/observability/observability_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

ObservabilityRpc::ObservabilityRpc(Face face) : Rpc(std::move(face)) {
    service::ObservabilityService& service = services().observability;
    unary<v1::GetMetricsRequest, v1::MetricsText>(
        "GetMetrics", access::Operation::ReadMetrics,
        [&service](auto&&, auto reply) { service.metrics(std::move(reply)); });
    unary<v1::GetHistoryRequest, v1::HistoryReport>(
        "GetHistory", access::Operation::ReadHistory,
        [&service](auto request, auto reply) { service.history(std::move(request), std::move(reply)); });
    unary<v1::ListRequestsRequest, v1::ListRequestsResponse>(
        "ListRequests", access::Operation::ReadQueue,
        [&service](auto request, auto reply) { service.requests(std::move(request), std::move(reply)); });
    unary<v1::GetLogLevelRequest, v1::LogLevelStatus>(
        "GetLogLevel", access::Operation::ReadStatus,
        [&service](auto&&, auto reply) { service.logLevel(std::move(reply)); });
    unary<v1::SetLogLevelRequest, v1::LogLevelStatus>(
        "SetLogLevel", access::Operation::ChangeLogging,
        [&service](auto request, auto reply) { service.setLogLevel(std::move(request), std::move(reply)); });
    unary<v1::DiagnoseRequest, v1::Diagnosis>(
        "Diagnose", access::Operation::ReadDiagnosis,
        [&service](auto request, auto reply) { service.diagnose(std::move(request), std::move(reply)); });
}

} // namespace mm::grpc_face
