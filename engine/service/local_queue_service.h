// QueueService over this process's own dispatcher. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/executor.h"
#include "engine/inference/dispatcher.h"
#include "engine/service/queue_service.h"

namespace mm::service {

class LocalQueueService final : public QueueService {
public:
    LocalQueueService(Executor& engine, inference::Dispatcher& dispatcher)
        : m_engine(engine), m_dispatcher(dispatcher) {}

    void queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) override;
    void getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) override;
    void holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) override;

private:
    Executor& m_engine;
    inference::Dispatcher& m_dispatcher;
};

} // namespace mm::service
