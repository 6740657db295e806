// What a face is given when it is made: everything it may ask of the engine. References outlive every face.
#pragma once

#include "engine/service/access/access_service.h"
#include "engine/service/events/event_service.h"
#include "engine/service/inference_service.h"
#include "engine/service/jobs/job_service.h"
#include "engine/service/model_service.h"
#include "engine/service/observability/observability_service.h"
#include "engine/service/queue_service.h"
#include "engine/service/settings/settings_service.h"
#include "engine/service/system_service.h"

namespace mm::access {
class Gate;
} // namespace mm::access

namespace mm::service {

struct Services {
    ModelService& models;
    InferenceService& inference;
    SystemService& system;
    QueueService& queue;
    JobService& jobs;
    EventService& events;
    ObservabilityService& observability;
    AccessService& access;
    SettingsService& settings;
    access::Gate* gate = nullptr; // before all of them; null: access control is off
};

} // namespace mm::service
