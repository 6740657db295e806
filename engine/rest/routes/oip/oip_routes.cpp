#include "engine/rest/routes/oip/oip_routes.h"

#include "engine/dialects/oip/infer.h"
#include "engine/rest/exchange.h"
#include "engine/rest/guard/http_text.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/routes/oip/infer_json.h"
#include "engine/rest/routes/oip/model_json.h"
#include "engine/rest/routes/oip/oip_error.h"

#include <memory>
#include <utility>

namespace mm::rest::oip {
namespace {

namespace v1 = modelmora::v1;
namespace core = dialects::oip;
using service::Services;

// What clients send bodies as: some say nothing, some that it is bytes even where it is all JSON.
Result<void> checkContentType(const guard::HttpRequest& request) {
    const std::string_view given = request.header("content-type");
    const std::string type = guard::lowered(guard::trimmed(given.substr(0, given.find(';'))));
    const bool isJson = type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
    if (type.empty() || isJson || type == "application/octet-stream")
        return {};
    return Error{ErrorCode::UnsupportedMediaType,
                 "The Content-Type is \"" + std::string(given.substr(0, 200)) +
                     "\". Send JSON with Content-Type: application/json, or JSON with binary tensors behind it with "
                     "application/octet-stream.",
                 {{"content_type", std::string(given.substr(0, 200))}}};
}

Result<std::string> modelOf(const ExchangePtr& exchange) {
    return core::versionedModel(exchange->argument("model"), exchange->argument("version"));
}

// next(model id), or the reason why there is none.
template <typename Next>
void withModel(const ExchangePtr& exchange, Next next) {
    const Result<std::string> model = modelOf(exchange);
    if (!model)
        return exchange->fail(model.error());
    next(*model);
}

Answer state(std::string_view name, bool is, const std::string& model = {}) {
    constexpr int kUnavailable = 503;
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject();
    if (!model.empty())
        writer.field("name", model);
    writer.key(name).boolean(is);
    if (!is)
        writer.field("error", model.empty() ? "the server is not ready" : "the model " + model + " is not loaded");
    writer.endObject();
    answer.status = is ? 200 : kUnavailable;
    return answer;
}

Result<core::InferOrder> readOrder(const ExchangePtr& exchange) {
    const guard::HttpRequest& request = exchange->request();
    core::InferOrder order;
    MM_CHECK(checkContentType(request));
    if (request.body.empty())
        return Error{ErrorCode::MalformedRequest, "The body is empty. Send a JSON object with the inputs."};
    MM_TRY(core::InferCall call, readInfer(request.body, request.header("inference-header-content-length")));
    MM_TRY(call.model, modelOf(exchange));
    order.call = std::make_shared<core::InferCall>(std::move(call));
    MM_TRY(order.context, exchange->call());
    order.bytes = request.body.size();
    order.work = [exchange](std::size_t bytes, std::function<void()> task) { exchange->work(bytes, std::move(task)); };
    return order;
}

void infer(const Services& services, const ExchangePtr& exchange) {
    exchange->work(exchange->request().body.size(), [services, exchange] {
        Result<core::InferOrder> order = readOrder(exchange);
        if (!order)
            return exchange->fail(order.error());
        const auto call = order->call;
        const auto cancel = core::cancelFor(services, *order);
        core::infer(services, std::move(order).value(), cancel, [exchange, call](Result<core::InferResult> result) {
            if (!result)
                return exchange->fail(result.error());
            exchange->answer(inferAnswer(*result, *call));
        });
        exchange->onClientLeft([cancel] { cancel->cancel(); });
    });
}

void index(const Services& services, const ExchangePtr& exchange) {
    if (const Result<void> type = checkContentType(exchange->request()); !type)
        return exchange->fail(type.error());
    const Result<IndexBody> body = readIndexBody(exchange->request().body);
    if (!body)
        return exchange->fail(body.error());
    core::repositoryIndex(services, body->onlyReady, exchange->replyWith<std::vector<core::IndexEntry>>(indexAnswer));
}

// Nothing to say but that it is done.
template <typename T>
Answer done(const T& /*value*/) {
    return {200, "{}"};
}

// Reads the body's parameters and calls order(model, parameters), which says what is wrong or starts the work.
template <typename Order>
void repository(const ExchangePtr& exchange, Order order) {
    const Result<void> type = checkContentType(exchange->request());
    if (!type)
        return exchange->fail(type.error());
    const Result<RepositoryBody> body = readRepositoryBody(exchange->request().body);
    if (!body)
        return exchange->fail(body.error());
    if (const Result<void> started = order(exchange->argument("model"), body->parameters); !started)
        exchange->fail(started.error());
}

void load(service::ModelService& models, const ExchangePtr& exchange) {
    repository(exchange, [&](const std::string& model, const google::protobuf::Struct& parameters) -> Result<void> {
        MM_TRY(v1::LoadModelRequest request, core::loadRequest(model, parameters));
        models.loadModel(std::move(request), {}, exchange->replyWith<v1::ModelStatus>(done<v1::ModelStatus>));
        return {};
    });
}

void unload(service::ModelService& models, const ExchangePtr& exchange) {
    repository(exchange, [&](const std::string& model, const google::protobuf::Struct& parameters) -> Result<void> {
        MM_TRY(v1::UnloadModelRequest request, core::unloadRequest(model, parameters));
        models.unloadModel(std::move(request),
                           exchange->replyWith<v1::UnloadModelResponse>(done<v1::UnloadModelResponse>));
        return {};
    });
}

void mountServer(Router& router, const Services& services) {
    router.add("GET", "/v2", access::Operation::ReadStatus,
               [](const ExchangePtr& exchange) { exchange->answer(serverAnswer()); });
    router.add("GET", "/v2/health/live", access::Operation::CheckAlive,
               [](const ExchangePtr& exchange) { exchange->answer(state("live", true)); });
    router.add("GET", "/v2/health/ready", access::Operation::CheckReady, [services](const ExchangePtr& exchange) {
        core::serverReady(services, exchange->replyWith<bool>([](bool ready) { return state("ready", ready); }));
    });
    router.add("GET", "/v2/models/stats", access::Operation::ReadModels, [services](const ExchangePtr& exchange) {
        core::modelStatistics(services, {}, exchange->replyWith<std::vector<core::ModelStatistics>>(statisticsAnswer));
    });
}

void mountModels(Router& router, const Services& services) {
    for (const std::string base : {"/v2/models/{model}", "/v2/models/{model}/versions/{version}"}) {
        router.add("GET", base, access::Operation::ReadModels, [services](const ExchangePtr& exchange) {
            withModel(exchange, [&](const std::string& model) {
                core::modelCard(services, model, exchange->replyWith<core::ModelCard>(metadataAnswer));
            });
        });
        router.add("GET", base + "/config", access::Operation::ReadModels, [services](const ExchangePtr& exchange) {
            withModel(exchange, [&](const std::string& model) {
                core::modelCard(services, model, exchange->replyWith<core::ModelCard>(configAnswer));
            });
        });
        router.add("GET", base + "/ready", access::Operation::ReadModels, [services](const ExchangePtr& exchange) {
            withModel(exchange, [&](const std::string& model) {
                core::modelReady(services, model,
                                 exchange->replyWith<bool>([model](bool is) { return state("ready", is, model); }));
            });
        });
        router.add("GET", base + "/stats", access::Operation::ReadModels, [services](const ExchangePtr& exchange) {
            withModel(exchange, [&](const std::string& model) {
                core::modelStatistics(services, model,
                                      exchange->replyWith<std::vector<core::ModelStatistics>>(statisticsAnswer));
            });
        });
        router.add("POST", base + "/infer", access::Operation::Infer,
                   [services](const ExchangePtr& exchange) { infer(services, exchange); });
    }
}

void mountRepository(Router& router, const Services& services) {
    service::ModelService& models = services.models;
    router.add("POST", "/v2/repository/index", access::Operation::ReadModels,
               [services](const ExchangePtr& exchange) { index(services, exchange); });
    const std::string base = "/v2/repository/models/{model}";
    router.add("POST", base + "/load", access::Operation::LoadModel,
               [&models](const ExchangePtr& exchange) { load(models, exchange); });
    router.add("POST", base + "/unload", access::Operation::UnloadModel,
               [&models](const ExchangePtr& exchange) { unload(models, exchange); });
}

void mountUnsupported(Router& router) {
    for (const std::string kind : {"system", "cuda"}) {
        const std::string base = "/v2/" + kind + "sharedmemory";
        for (const auto& [method, rest] :
             {std::pair{"GET", "/status"}, std::pair{"GET", "/region/{name}/status"},
              std::pair{"POST", "/region/{name}/register"}, std::pair{"POST", "/region/{name}/unregister"},
              std::pair{"POST", "/unregister"}})
            router.add(method, base + rest, access::Operation::ReadStatus, [](const ExchangePtr& exchange) {
                exchange->fail({ErrorCode::NotImplemented,
                                "Shared memory is not supported: tensors travel within the request and its answer."});
            });
    }
    for (const char* path : {"/v2/trace/setting", "/v2/models/{model}/trace/setting", "/v2/logging"})
        for (const char* method : {"GET", "POST"})
            router.add(method, path, access::Operation::ReadStatus, [](const ExchangePtr& exchange) {
                exchange->fail({ErrorCode::NotImplemented,
                                "Trace and log settings cannot be read or changed here: they are set when the engine "
                                "starts (log-level, log-format)."});
            });
}

} // namespace

void mount(Router& router, const Services& services) {
    router.setErrorFormat("/v2", errorAnswer);
    mountServer(router, services);
    mountModels(router, services);
    mountRepository(router, services);
    mountUnsupported(router);
}

} // namespace mm::rest::oip
