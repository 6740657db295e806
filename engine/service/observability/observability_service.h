// What the faces may ask about the engine over time: metrics, history, requests that ended, its log. Any thread; each
// reply comes once, on any thread.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/observability.pb.h"

#include <string_view>

namespace mm::service {

namespace v1 = modelmora::v1;

// An answer that a face has given.
struct FaceAnswer {
    std::string_view face;   // "rest" or "grpc"
    std::string_view method; // "GET", or the name of the call's service
    std::string_view
        route; // as it was declared: "/api/v1/infer/{model}", or the name of the call; never a client's word
    std::string_view code; // "200", or "OK"
};

class ObservabilityService {
public:
    virtual ~ObservabilityService() = default;

    virtual void metrics(Reply<v1::MetricsText> reply) = 0;
    virtual void history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) = 0;
    virtual void requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) = 0;
    virtual void logLevel(Reply<v1::LogLevelStatus> reply) = 0;
    // ValidationError for a level that there is none of.
    virtual void setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) = 0;
    virtual void diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) = 0;

    // Counts it; costs well below a microsecond.
    virtual void answered(const FaceAnswer& answer) = 0;
};

} // namespace mm::service
