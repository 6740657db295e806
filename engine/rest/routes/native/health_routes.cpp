// Health: probes for machines that restart and route, and the health of each loaded model. They also answer without the
// prefix, where probes look for them.
#include "engine/base/clock.h"
#include "engine/rest/exchange.h"
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::SystemService;

void live(SystemService&, const ExchangePtr& exchange) {
    exchange->answer({200, R"({"status":"ok"})"});
}

void ready(SystemService& system, const ExchangePtr& exchange) {
    system.readiness(exchange->replyWith<v1::ReadinessResponse>([](const v1::ReadinessResponse& readiness) {
        return Answer{readiness.status() == "ready" ? 200 : 503, toJson(readiness)};
    }));
}

Answer modelsAnswer(const v1::ModelHealthResponse& health) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().field("healthy_count", std::int64_t{health.healthy_count()});
    writer.field("unhealthy_count", std::int64_t{health.unhealthy_count()}).key("models").beginArray();
    for (const v1::ModelStatus& model : health.models()) {
        const v1::HealthStatus& status = model.health_status();
        writer.beginObject().field("model_id", model.model_id()).key("healthy").boolean(status.healthy());
        if (status.has_last_check_at())
            writer.field("last_check_at", isoTime(status.last_check_at()));
        if (!status.error_message().empty())
            writer.field("error", status.error_message());
        writer.endObject();
    }
    writer.endArray().endObject();
    return answer;
}

void modelHealth(SystemService& system, const ExchangePtr& exchange) {
    system.modelHealth(exchange->replyWith<v1::ModelHealthResponse>(modelsAnswer));
}

struct Totals {
    std::int64_t loaded = 0;
    std::int64_t unhealthy = 0;
    double memoryMb = 0;
    std::int64_t workers = 0;
    std::int64_t inFlight = 0;
    std::int64_t crashes = 0;
};

Totals totalsOf(const v1::SystemStatus& status) {
    Totals totals;
    for (const v1::ModelStatus& model : status.loaded_models()) {
        totals.loaded += model.state() == v1::MODEL_STATE_LOADED ? 1 : 0;
        totals.unhealthy += model.state() == v1::MODEL_STATE_UNHEALTHY ? 1 : 0;
        totals.memoryMb += model.memory_usage_mb();
        totals.inFlight += model.in_flight();
        totals.crashes += model.crashes();
        for (const v1::InstanceStatus& instance : model.instances())
            totals.workers += instance.pid() > 0 ? 1 : 0;
    }
    return totals;
}

void writeModels(JsonWriter& writer, const v1::SystemStatus& status, const Totals& totals) {
    writer.beginObject().key("loaded").beginArray();
    for (const v1::ModelStatus& model : status.loaded_models())
        if (model.state() == v1::MODEL_STATE_LOADED)
            writer.string(model.model_id());
    writer.endArray().field("count", totals.loaded).field("registered", std::int64_t{status.registered_models()});
    writer.field("unhealthy", totals.unhealthy).key("memory_used_mb").number(totals.memoryMb);
    writer.key("memory_max_mb").number(status.memory().threshold_mb()).endObject();
}

// What the engine cannot do without; on one machine that is its database alone.
void writeDependencies(JsonWriter& writer, const v1::ReadinessResponse& readiness) {
    writer.beginObject().field("database", readiness.checks().database() ? "ok" : "failed").endObject();
}

Answer healthAnswer(const v1::ReadinessResponse& readiness, const v1::SystemStatus& status,
                    const v1::AuditVerification& audit) {
    const Totals totals = totalsOf(status);
    const bool isReady = readiness.status() == "ready";
    const bool isWell = totals.unhealthy == 0 && audit.intact() && audit.reason().empty();
    Answer answer{isReady ? 200 : 503, {}};
    JsonWriter writer(answer.body);
    writer.beginObject().field("status", !isReady ? "unhealthy" : isWell ? "healthy" : "degraded");
    writer.field("timestamp", toIso8601(WallTime::clock::now()));
    writer.key("service").beginObject().field("name", "ModelMora").field("version", status.version());
    writer.field("uptime_seconds", status.uptime_seconds()).endObject().key("checks");
    writeMessage(writer, readiness.checks());
    writeModels(writer.key("models"), status, totals);
    writer.key("workers").beginObject().field("count", totals.workers).field("in_flight", totals.inFlight);
    writer.field("crashes", totals.crashes).endObject().key("queue");
    writeMessage(writer, status.queue());
    writeMessage(writer.key("memory"), status.memory());
    writeMessage(writer.key("resources"), status.resources());
    writer.key("audit").beginObject().key("intact").boolean(audit.intact());
    if (!audit.reason().empty())
        writer.field("reason", audit.reason());
    writer.endObject();
    writeDependencies(writer.key("dependencies"), readiness);
    // The short form, as it was first drawn up.
    writer.key("models_loaded").beginArray();
    for (const v1::ModelStatus& model : status.loaded_models())
        if (model.state() == v1::MODEL_STATE_LOADED)
            writer.string(model.model_id());
    writer.endArray().key("memory_usage_mb").number(totals.memoryMb);
    writer.field("uptime_seconds", status.uptime_seconds());
    writer.endObject();
    return answer;
}

// One look at everything: what a person types into a browser.
void health(const service::Services& services, const ExchangePtr& exchange) {
    services.system.readiness(
        [&system = services.system, &access = services.access, exchange](Result<v1::ReadinessResponse> readiness) {
            if (!readiness)
                return exchange->fail(readiness.error());
            access.auditState([&system, exchange, readiness = *readiness](Result<v1::AuditVerification> audit) {
                if (!audit)
                    return exchange->fail(audit.error());
                system.status(
                    exchange->replyWith<v1::SystemStatus>([readiness, audit = *audit](const v1::SystemStatus& status) {
                        return healthAnswer(readiness, status, audit);
                    }));
            });
        });
}

} // namespace

void mountHealth(Router& router, const service::Services& services) {
    SystemService& system = services.system;
    const auto with = [&system](auto handler) {
        return [&system, handler](const ExchangePtr& exchange) { handler(system, exchange); };
    };
    for (const std::string& prefix : {std::string(kPrefix), std::string()}) {
        router.add("GET", prefix + "/health", access::Operation::ReadStatus,
                   [services](const ExchangePtr& exchange) { health(services, exchange); });
        router.add("GET", prefix + "/health/live", access::Operation::CheckAlive, with(live));
        router.add("GET", prefix + "/health/ready", access::Operation::CheckReady, with(ready));
        router.add("GET", prefix + "/health/models", access::Operation::ReadStatus, with(modelHealth));
    }
    router.add("GET", "/ready", access::Operation::CheckReady, with(ready));
}

} // namespace mm::rest::native
