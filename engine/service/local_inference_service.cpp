#include "engine/service/local_inference_service.h"

#include <utility>

namespace mm::service {

namespace {

std::shared_ptr<const inference::RequestTrace> traceOf(TraceContext& trace) {
    if (!trace.isTraced())
        return nullptr;
    return std::make_shared<const inference::RequestTrace>(inference::RequestTrace{
        trace.traceId, std::move(trace.parentId), std::move(trace.spanId), std::move(trace.state), trace.isSampled()});
}

} // namespace

void LocalInferenceService::infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                                  Reply<Response> reply) {
    m_engine.post([this, request = std::move(request), call = std::move(call), reply = std::move(reply)]() mutable {
        std::shared_ptr<const inference::RequestTrace> trace = traceOf(call.trace);
        m_dispatcher.submit(std::move(request),
                            inference::Call{std::move(call.requestId), std::move(call.client), call.received, false,
                                            std::move(call.trace.traceId), std::move(call.wholeInputs),
                                            std::move(trace)},
                            std::move(reply));
    });
}

void LocalInferenceService::cancel(std::string requestId) {
    m_engine.post([this, requestId = std::move(requestId)] { m_dispatcher.cancel(requestId); });
}

} // namespace mm::service
