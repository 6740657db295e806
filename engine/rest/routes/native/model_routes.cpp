// Registry: register, list, show, change and delete models.
#include "engine/ipc/names.h"
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/models/model_condition.h"
#include "engine/rest/routes/native/models/model_json.h"
#include "engine/rest/routes/native/models/replayed.h"
#include "engine/rest/routes/native/native_routes.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::ModelService;

constexpr std::array<std::string_view, 4> kStatuses{"registered", "downloading", "ready", "failed"};
constexpr std::int64_t kMostPages = 1'000'000;
constexpr std::int64_t kMostPerPage = 100;
constexpr std::int64_t kUsualPerPage = 20;
constexpr std::int64_t kMostRevisions = std::numeric_limits<std::int64_t>::max();

const BodyShape& registerShape() {
    static const BodyShape shape{{"model_id", "version", "task_type", "display_name", "description", "source_url",
                                  "resource_requirements", "config", "tags", "checksum"},
                                 {"model_id", "task_type"}};
    return shape;
}

const BodyShape& updateShape() {
    static const BodyShape shape{
        {"display_name", "description", "config", "resource_requirements", "tags", "expected_revision"}, {}};
    return shape;
}

// Ids are URL text but for the characters that a client's version name may hold.
std::string locationOf(const v1::Model& model) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string location = api("/models/");
    for (const char c : model.model_id() + '@' + model.version()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = std::isalnum(byte) || std::string_view("-._~/@").find(c) != std::string_view::npos;
        if (isPlain)
            location += c;
        else
            location.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
    return location;
}

void registerModel(ModelService& models, const ExchangePtr& exchange) {
    withBody<v1::RegisterModelRequest>(
        exchange, registerShape(), [&models, exchange](v1::RegisterModelRequest request) {
            models.registerModel(std::move(request), exchange->replyWith<v1::Model>([](const v1::Model& model) {
                Answer answer = modelAnswer(model);
                answer.status = 201;
                answer.headers.emplace_back("Location", locationOf(model));
                return answer;
            }));
        });
}

Result<v1::ListModelsRequest> readListQuery(const std::string& text) {
    Query query(text, {"task_type", "task", "status", "page", "page_size", "limit", "tag", "device", "search"});
    v1::ListModelsRequest request;
    if (const auto name = query.text({"task_type", "task"})) {
        if (const auto task = taskFromName(*name))
            request.set_task_type(*task);
        else
            query.refuse("task_type", notOneOf(*name, allTaskNames()));
    }
    if (const auto status = query.text({"status"})) {
        request.set_status(*status);
        if (std::find(kStatuses.begin(), kStatuses.end(), *status) == kStatuses.end())
            query.refuse("status", notOneOf(*status, "registered, downloading, ready, failed"));
    }
    request.set_tag(query.text({"tag"}).value_or(std::string()));
    request.set_device(query.text({"device"}).value_or(std::string()));
    request.set_search(query.text({"search"}).value_or(std::string()));
    auto& pagination = *request.mutable_pagination();
    pagination.set_page(static_cast<std::int32_t>(query.integer({"page"}, 1, 1, kMostPages)));
    pagination.set_page_size(
        static_cast<std::int32_t>(query.integer({"page_size", "limit"}, kUsualPerPage, 1, kMostPerPage)));
    MM_CHECK(query.check());
    return request;
}

Answer listAnswer(const v1::ListModelsResponse& list) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().key("data").beginArray();
    for (const v1::Model& model : list.models())
        writeMessage(writer, model);
    writer.endArray().key("meta");
    writeMessage(writer, list.pagination());
    writer.endObject();
    return answer;
}

void listModels(ModelService& models, const ExchangePtr& exchange) {
    Result<v1::ListModelsRequest> request = readListQuery(exchange->request().query);
    if (!request)
        return exchange->fail(request.error());
    models.listModels(std::move(request).value(),
                      exchange->replyWith<v1::ListModelsResponse>([](const v1::ListModelsResponse& list) {
                          return semantics::withContentTag(listAnswer(list));
                      }));
}

void getModel(ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model"));
    models.getModel(std::move(request), exchange->replyWith<v1::Model>(modelAnswer));
}

void updateModel(ModelService& models, const ExchangePtr& exchange) {
    withBody<v1::UpdateModelRequest>(exchange, updateShape(), [&models, exchange](v1::UpdateModelRequest request) {
        request.set_model_id(exchange->argument("model"));
        withExpectedRevision(models, exchange, {request.model_id()}, request.expected_revision(),
                             [&models, exchange, request](std::int64_t revision) mutable {
                                 request.set_expected_revision(revision);
                                 models.updateModel(std::move(request),
                                                    replyToChange<v1::Model>(exchange, modelAnswer));
                             });
    });
}

void deleteModel(ModelService& models, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"force", "expected_revision"});
    v1::DeleteModelRequest request;
    request.set_model_id(exchange->argument("model"));
    request.set_force(query.flag("force"));
    const std::int64_t expected = query.integer({"expected_revision"}, 0, 0, kMostRevisions);
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    withExpectedRevision(
        models, exchange, {request.model_id()}, expected, [&models, exchange, request](std::int64_t revision) mutable {
            request.set_expected_revision(revision);
            models.deleteModel(std::move(request), replyToChange<v1::DeleteModelResponse>(exchange, [](const auto&) {
                                   return Answer{204, {}};
                               }));
        });
}

// What gRPC answers too. A model that is not there is told first.
void download(ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model"));
    models.getModel(std::move(request), [exchange](const Result<v1::Model>& model) {
        exchange->fail(model ? Error{ErrorCode::NotImplemented,
                                     "This engine cannot download models yet. Register a local folder instead, with "
                                     "POST /api/v1/models and a source_url of \"file:///...\"."}
                             : model.error());
    });
}

void generateLock(ModelService& /*models*/, const ExchangePtr& exchange) {
    exchange->fail({ErrorCode::NotImplemented,
                    "This engine writes no lock files yet. GET /api/v1/models tells each model's version and "
                    "checksum."});
}

} // namespace

void mountModels(Router& router, const service::Services& services) {
    ModelService& models = services.models;
    const auto with = [&models](auto handler) {
        return [&models, handler](const ExchangePtr& exchange) { handler(models, exchange); };
    };
    const Handler registration = replayed(with(registerModel));
    for (const std::string& path : {api("/models"), std::string("/models")}) {
        router.add("POST", path, access::Operation::RegisterModel, registration);
        router.add("GET", path, access::Operation::ReadModels, with(listModels));
    }
    for (const std::string& path : {api("/models/{model}"), std::string("/models/{model}")})
        router.add("GET", path, access::Operation::ReadModels, with(getModel));
    for (const char* method : {"PUT", "PATCH"})
        router.add(method, api("/models/{model}"), access::Operation::UpdateModel, with(updateModel));
    router.add("POST", api("/models/lock"), access::Operation::ReadModels, with(generateLock));
    router.add("POST", api("/models/{model}/download"), access::Operation::RegisterModel, with(download));
    // Without the prefix, DELETE once meant "unload": it is not an alias of this.
    router.add("DELETE", api("/models/{model}"), access::Operation::DeleteModel, with(deleteModel));
}

} // namespace mm::rest::native
