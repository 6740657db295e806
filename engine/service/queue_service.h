// What the faces may ask about requests: what waits and runs and why, and the say over it. Any thread; the reply comes
// once, on the engine thread. Requests are named by id; of several of one id the newest is meant, but cancelling ends
// all of them. RequestNotFound for one that never was or is forgotten, IllegalTransition for one that has got too far.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/inference.pb.h"

namespace mm::service {

namespace v1 = modelmora::v1;

class QueueService {
public:
    virtual ~QueueService() = default;

    virtual void queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) = 0;
    virtual void getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) = 0;
    virtual void cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) = 0;
    virtual void setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) = 0;
    virtual void holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) = 0;
    virtual void releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) = 0;
};

} // namespace mm::service
