// What the faces may ask about the system as a whole. Any thread; replies come once, on the engine thread.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/memory.pb.h"

namespace mm::service {

namespace v1 = modelmora::v1;

class SystemService {
public:
    virtual ~SystemService() = default;

    virtual void status(Reply<v1::SystemStatus> reply) = 0;
    // Every device with its budget, and who holds how much of it: predicted, measured, the most that was seen.
    virtual void memory(Reply<v1::MemoryLedger> reply) = 0;
    // Who would have to go if room were needed now.
    virtual void evictionOrder(Reply<v1::EvictionOrder> reply) = 0;
    virtual void modelHealth(Reply<v1::ModelHealthResponse> reply) = 0;
    // Always replies with a value: "ready" or "not ready", and which check failed.
    virtual void readiness(Reply<v1::ReadinessResponse> reply) = 0;
};

} // namespace mm::service
