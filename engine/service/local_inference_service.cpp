#include "engine/service/local_inference_service.h"

#include <utility>

namespace mm::service {

void LocalInferenceService::infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                                  Reply<Response> reply) {
    m_engine.post([this, request = std::move(request), call = std::move(call), reply = std::move(reply)]() mutable {
        m_dispatcher.submit(std::move(request),
                            inference::Call{std::move(call.requestId), std::move(call.client), call.received, false,
                                            std::move(call.trace.traceId), std::move(call.wholeInputs)},
                            std::move(reply));
    });
}

void LocalInferenceService::cancel(std::string requestId) {
    m_engine.post([this, requestId = std::move(requestId)] { m_dispatcher.cancel(requestId); });
}

} // namespace mm::service
