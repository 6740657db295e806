// Lifecycle: plan, load, pin and unload a model, its status, the memory and the status of the whole.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"
#include "engine/service/warmup/warm_up.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

Answer statusAnswer(const v1::ModelStatus& status) {
    return {200, toJson(status)};
}

constexpr std::int64_t kMostInstances = 16;

// Both the body and the query may say how; where both do, the query counts.
Result<void> readLoadQuery(const std::string& text, v1::LoadModelRequest& request) {
    Query query(text, {"force", "pin", "instances"});
    if (query.text({"force"}))
        request.set_force(query.flag("force"));
    if (query.text({"pin"}))
        request.set_pin(query.flag("pin"));
    if (query.text({"instances"}))
        request.set_instances(static_cast<std::int32_t>(query.integer({"instances"}, 1, 1, kMostInstances)));
    return query.check();
}

void loadModel(service::ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape kShape{{"force", "pin", "instances"}, {}};
    withBody<v1::LoadModelRequest>(exchange, kShape, [&models, exchange](v1::LoadModelRequest request) {
        request.set_model_id(exchange->argument("model"));
        if (const Result<void> read = readLoadQuery(exchange->request().query, request); !read)
            return exchange->fail(read.error());
        models.loadModel(std::move(request), {}, exchange->replyWith<v1::ModelStatus>(statusAnswer));
    });
}

void planLoad(service::ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape kShape{{"instances"}, {}};
    withBody<v1::PlanLoadRequest>(exchange, kShape, [&models, exchange](v1::PlanLoadRequest request) {
        Query query(exchange->request().query, {"instances"});
        request.set_model_id(exchange->argument("model"));
        if (query.text({"instances"}))
            request.set_instances(static_cast<std::int32_t>(query.integer({"instances"}, 1, 1, kMostInstances)));
        if (const Result<void> checked = query.check(); !checked)
            return exchange->fail(checked.error());
        models.planLoad(std::move(request), exchange->replyWith<v1::LoadPlan>([](const v1::LoadPlan& plan) {
            return Answer{200, toJson(plan)};
        }));
    });
}

constexpr std::int64_t kMostSamples = 1000;
constexpr std::int64_t kUsualSamples = 10;

void warmUp(const service::Services& services, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"samples"});
    v1::WarmUpModelRequest request;
    request.set_model_id(exchange->argument("model"));
    request.set_samples(static_cast<std::int32_t>(query.integer({"samples"}, kUsualSamples, 1, kMostSamples)));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    Result<service::CallContext> call = exchange->call();
    if (!call)
        return exchange->fail(call.error());
    const auto warmUp = service::WarmUp::make(services, std::move(request), std::move(call).value(),
                                              exchange->replyWith<v1::WarmUpModelResponse>([](const auto& done) {
                                                  return Answer{200, toJson(done)};
                                              }));
    warmUp->start();
    exchange->onClientLeft([warmUp] { warmUp->stop(); });
}

void setPinned(service::ModelService& models, const ExchangePtr& exchange, bool pinned) {
    v1::SetPinnedRequest request;
    request.set_model_id(exchange->argument("model"));
    request.set_pinned(pinned);
    models.setPinned(std::move(request), exchange->replyWith<v1::ModelStatus>(statusAnswer));
}

void unloadModel(service::ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape kShape{{"now"}, {}};
    withBody<v1::UnloadModelRequest>(exchange, kShape, [&models, exchange](v1::UnloadModelRequest request) {
        Query query(exchange->request().query, {"now"});
        request.set_model_id(exchange->argument("model"));
        if (query.text({"now"}))
            request.set_now(query.flag("now"));
        if (const Result<void> checked = query.check(); !checked)
            return exchange->fail(checked.error());
        models.unloadModel(std::move(request),
                           exchange->replyWith<v1::UnloadModelResponse>([](const v1::UnloadModelResponse& unloaded) {
                               return Answer{200, toJson(unloaded)};
                           }));
    });
}

void modelStatus(service::ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelStatusRequest request;
    request.set_model_id(exchange->argument("model"));
    models.modelStatus(std::move(request), exchange->replyWith<v1::ModelStatus>([](const v1::ModelStatus& status) {
        return semantics::withContentTag(statusAnswer(status));
    }));
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
        router.add("POST", path, access::Operation::LoadModel, with(loadModel));
    for (const std::string& path : {api("/models/{model}/warmup"), std::string("/models/{model}/warmup")})
        router.add("POST", path, access::Operation::LoadModel,
                   [services](const ExchangePtr& exchange) { warmUp(services, exchange); });
    for (const char* method : {"POST", "GET"})
        router.add(method, api("/models/{model}/plan"), access::Operation::PlanLoad, with(planLoad));
    router.add("PUT", api("/models/{model}/pin"), access::Operation::PinModel,
               [&models](const ExchangePtr& exchange) { setPinned(models, exchange, true); });
    router.add("DELETE", api("/models/{model}/pin"), access::Operation::PinModel,
               [&models](const ExchangePtr& exchange) { setPinned(models, exchange, false); });
    for (const std::string& path :
         {api("/models/{model}/unload"), api("/models/{model}/evict"), std::string("/models/{model}/unload")})
        router.add("POST", path, access::Operation::UnloadModel, with(unloadModel));
    router.add("GET", api("/models/{model}/status"), access::Operation::ReadModels, with(modelStatus));
    router.add("GET", api("/memory"), access::Operation::ReadStatus, [&system](const ExchangePtr& exchange) {
        system.memory(exchange->replyWith<v1::MemoryLedger>([](const v1::MemoryLedger& ledger) {
            return Answer{200, toJson(ledger)};
        }));
    });
    router.add("GET", api("/memory/evictions"), access::Operation::ReadStatus, [&system](const ExchangePtr& exchange) {
        system.evictionOrder(exchange->replyWith<v1::EvictionOrder>([](const v1::EvictionOrder& order) {
            return Answer{200, toJson(order)};
        }));
    });
    router.add("GET", api("/status"), access::Operation::ReadStatus, [&system](const ExchangePtr& exchange) {
        system.status(exchange->replyWith<v1::SystemStatus>(systemAnswer));
    });
}

} // namespace mm::rest::native
