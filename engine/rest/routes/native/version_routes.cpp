// The versions of a model: list, promote, deprecate, delete.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::ModelService;

Answer modelAnswer(const v1::Model& model) {
    return {200, toJson(model)};
}

template <typename Request>
void nameVersion(Request& request, const ExchangePtr& exchange) {
    request.set_model_id(exchange->argument("model"));
    request.set_version(exchange->argument("version"));
}

void listVersions(ModelService& models, const ExchangePtr& exchange) {
    v1::ListVersionsRequest request;
    request.set_model_id(exchange->argument("model"));
    models.listVersions(std::move(request),
                        exchange->replyWith<v1::ListVersionsResponse>([](const v1::ListVersionsResponse& list) {
                            Answer answer;
                            JsonWriter writer(answer.body);
                            writer.beginObject().key("data").beginArray();
                            for (const v1::Model& version : list.versions())
                                writeMessage(writer, version);
                            writer.endArray().endObject();
                            return answer;
                        }));
}

void getVersion(ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model") + '@' + exchange->argument("version"));
    models.getModel(std::move(request), exchange->replyWith<v1::Model>(modelAnswer));
}

void promoteVersion(ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape shape{{"expected_revision"}, {}};
    withBody<v1::PromoteVersionRequest>(exchange, shape, [&models, exchange](v1::PromoteVersionRequest request) {
        nameVersion(request, exchange);
        models.promoteVersion(std::move(request), exchange->replyWith<v1::Model>(modelAnswer));
    });
}

void deprecateVersion(ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape shape{{"reason", "expected_revision"}, {}};
    withBody<v1::DeprecateVersionRequest>(exchange, shape, [&models, exchange](v1::DeprecateVersionRequest request) {
        nameVersion(request, exchange);
        models.deprecateVersion(std::move(request), exchange->replyWith<v1::Model>(modelAnswer));
    });
}

void deleteVersion(ModelService& models, const ExchangePtr& exchange) {
    v1::DeleteVersionRequest request;
    nameVersion(request, exchange);
    models.deleteVersion(std::move(request),
                         exchange->replyWith<v1::DeleteVersionResponse>([](const v1::DeleteVersionResponse&) {
                             return Answer{204, {}};
                         }));
}

} // namespace

void mountVersions(Router& router, const service::Services& services) {
    ModelService& models = services.models;
    const auto with = [&models](auto handler) {
        return [&models, handler](const ExchangePtr& exchange) { handler(models, exchange); };
    };
    router.add("GET", api("/models/{model}/versions"), with(listVersions));
    router.add("GET", api("/models/{model}/versions/{version}"), with(getVersion));
    router.add("POST", api("/models/{model}/versions/{version}/promote"), with(promoteVersion));
    router.add("POST", api("/models/{model}/versions/{version}/deprecate"), with(deprecateVersion));
    router.add("DELETE", api("/models/{model}/versions/{version}"), with(deleteVersion));
}

} // namespace mm::rest::native
