// Health: probes for machines that restart and route, and the health of each loaded model. They also answer without the
// prefix, where probes look for them.
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

Answer healthAnswer(const v1::ReadinessResponse& readiness, const v1::SystemStatus& status) {
    bool areModelsHealthy = true;
    for (const v1::ModelStatus& model : status.loaded_models())
        areModelsHealthy = areModelsHealthy && model.state() != v1::MODEL_STATE_UNHEALTHY;
    const bool isReady = readiness.status() == "ready";
    Answer answer{isReady ? 200 : 503, {}};
    JsonWriter writer(answer.body);
    writer.beginObject().field("status", !isReady ? "unhealthy" : areModelsHealthy ? "healthy" : "degraded");
    writer.key("service").beginObject().field("name", "ModelMora").field("version", status.version());
    writer.field("uptime_seconds", status.uptime_seconds()).endObject().key("checks");
    writeMessage(writer, readiness.checks());
    writer.key("models").beginObject().key("loaded").beginArray();
    for (const v1::ModelStatus& model : status.loaded_models())
        writer.string(model.model_id());
    writer.endArray().field("count", std::int64_t{status.loaded_models_size()}).endObject().key("memory");
    writeMessage(writer, status.memory());
    writer.endObject();
    return answer;
}

// One look at everything: what a person types into a browser.
void health(SystemService& system, const ExchangePtr& exchange) {
    system.readiness([&system, exchange](Result<v1::ReadinessResponse> readiness) {
        if (!readiness)
            return exchange->fail(readiness.error());
        system.status(exchange->replyWith<v1::SystemStatus>(
            [readiness = *readiness](const v1::SystemStatus& status) { return healthAnswer(readiness, status); }));
    });
}

} // namespace

void mountHealth(Router& router, const service::Services& services) {
    SystemService& system = services.system;
    const auto with = [&system](auto handler) {
        return [&system, handler](const ExchangePtr& exchange) { handler(system, exchange); };
    };
    for (const std::string& prefix : {std::string(kPrefix), std::string()}) {
        router.add("GET", prefix + "/health", with(health));
        router.add("GET", prefix + "/health/live", with(live));
        router.add("GET", prefix + "/health/ready", with(ready));
        router.add("GET", prefix + "/health/models", with(modelHealth));
    }
    router.add("GET", "/ready", with(ready));
}

} // namespace mm::rest::native
