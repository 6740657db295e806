#include "engine/grpc/observability/call_counter.h"

#include <array>
#include <string>
#include <string_view>

namespace mm::grpc_face {
namespace {

// As gRPC's documents call them, by their numbers.
constexpr std::array<std::string_view, 17> kCodes{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

class CallCounter final : public grpc::experimental::Interceptor {
public:
    CallCounter(service::ObservabilityService& service, std::string_view name) : m_service(service), m_name(name) {}

    void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
        if (methods->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
            // "/package.Service/Method"
            const std::string_view name = m_name.substr(m_name.empty() ? 0 : 1);
            const std::size_t slash = name.find('/');
            const auto code = static_cast<std::size_t>(methods->GetSendStatus().error_code());
            m_service.answered({"grpc", name.substr(0, slash),
                                slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1),
                                code < kCodes.size() ? kCodes.at(code) : "UNKNOWN"});
        }
        methods->Proceed();
    }

private:
    service::ObservabilityService& m_service;
    std::string_view m_name; // of a registered method, which outlives the call
};

} // namespace

grpc::experimental::Interceptor* CallCounters::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
    return new CallCounter(m_service, info->method()); // NOLINT(cppcoreguidelines-owning-memory): gRPC's from here on
}

} // namespace mm::grpc_face
