// Lifecycle: load and unload a model, its status, the status of the whole.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

Answer statusAnswer(const v1::ModelStatus& status) {
    return {200, toJson(status)};
}

void loadModel(service::ModelService& models, const ExchangePtr& exchange) {
    withBody<v1::LoadModelRequest>(exchange, {}, [&models, exchange](v1::LoadModelRequest request) {
        request.set_model_id(exchange->argument("model"));
        models.loadModel(std::move(request), {}, exchange->replyWith<v1::ModelStatus>(statusAnswer));
    });
}

void unloadModel(service::ModelService& models, const ExchangePtr& exchange) {
    withBody<v1::UnloadModelRequest>(exchange, {}, [&models, exchange](v1::UnloadModelRequest request) {
        request.set_model_id(exchange->argument("model"));
        models.unloadModel(std::move(request),
                           exchange->replyWith<v1::UnloadModelResponse>([](const v1::UnloadModelResponse& unloaded) {
                               return Answer{200, toJson(unloaded)};
                           }));
    });
}

void modelStatus(service::ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelStatusRequest request;
    request.set_model_id(exchange->argument("model"));
    models.modelStatus(std::move(request), exchange->replyWith<v1::ModelStatus>(statusAnswer));
}

Answer systemAnswer(const v1::SystemStatus& status) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject();
    v1::SystemStatus rest = status;
    rest.clear_queue();
    writeFields(writer, rest);
    const v1::QueueStatus& queue = status.queue();
    writer.key("queue_depth").beginObject();
    writer.field("critical_priority", std::int64_t{queue.critical_priority()});
    writer.field("high_priority", std::int64_t{queue.high_priority()});
    writer.field("medium_priority", std::int64_t{queue.medium_priority()});
    writer.field("low_priority", std::int64_t{queue.low_priority()});
    writer.endObject().endObject();
    return answer;
}

} // namespace

void mountLifecycle(Router& router, const service::Services& services) {
    service::ModelService& models = services.models;
    service::SystemService& system = services.system;
    const auto with = [&models](auto handler) {
        return [&models, handler](const ExchangePtr& exchange) { handler(models, exchange); };
    };
    for (const std::string& path : {api("/models/{model}/load"), std::string("/models/{model}/load")})
        router.add("POST", path, with(loadModel));
    router.add("POST", api("/models/{model}/unload"), with(unloadModel));
    router.add("GET", api("/models/{model}/status"), with(modelStatus));
    router.add("GET", api("/status"), [&system](const ExchangePtr& exchange) {
        system.status(exchange->replyWith<v1::SystemStatus>(systemAnswer));
    });
}

} // namespace mm::rest::native
