#include "engine/service/local_queue_service.h"

#include <utility>

namespace mm::service {

void LocalQueueService::queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        if (request.limit() < 0)
            return reply(invalidField("limit", "must be 1 or more, or 0 for the default"));
        reply(m_dispatcher.report(request));
    });
}

void LocalQueueService::getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        reply(m_dispatcher.describe(request.request_id()));
    });
}

void LocalQueueService::cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        reply(m_dispatcher.cancelNamed(request.request_id()));
    });
}

void LocalQueueService::setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        reply(m_dispatcher.setPriority(request.request_id(), request.priority()));
    });
}

void LocalQueueService::holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        reply(m_dispatcher.hold(request.request_id()));
    });
}

void LocalQueueService::releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        reply(m_dispatcher.release(request.request_id()));
    });
}

} // namespace mm::service
