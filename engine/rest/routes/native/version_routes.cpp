// The versions of a model: list, promote, deprecate, delete.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/models/model_condition.h"
#include "engine/rest/routes/native/models/model_json.h"
#include "engine/rest/routes/native/native_routes.h"

#include <limits>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::ModelService;

constexpr std::int64_t kMostRevisions = std::numeric_limits<std::int64_t>::max();

// The version, and the model: their revision is the same.
std::vector<std::string> shownAs(const ExchangePtr& exchange) {
    const std::string& model = exchange->argument("model");
    return {model + '@' + exchange->argument("version"), model};
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
                            return semantics::withContentTag(std::move(answer));
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
        withExpectedRevision(models, exchange, shownAs(exchange), request.expected_revision(),
                             [&models, exchange, request](std::int64_t revision) mutable {
                                 request.set_expected_revision(revision);
                                 models.promoteVersion(std::move(request),
                                                       replyToChange<v1::Model>(exchange, modelAnswer));
                             });
    });
}

void deprecateVersion(ModelService& models, const ExchangePtr& exchange) {
    static const BodyShape shape{{"reason", "expected_revision"}, {}};
    withBody<v1::DeprecateVersionRequest>(exchange, shape, [&models, exchange](v1::DeprecateVersionRequest request) {
        nameVersion(request, exchange);
        withExpectedRevision(models, exchange, shownAs(exchange), request.expected_revision(),
                             [&models, exchange, request](std::int64_t revision) mutable {
                                 request.set_expected_revision(revision);
                                 models.deprecateVersion(std::move(request),
                                                         replyToChange<v1::Model>(exchange, modelAnswer));
                             });
    });
}

void deleteVersion(ModelService& models, const ExchangePtr& exchange) {
    v1::DeleteVersionRequest request;
    nameVersion(request, exchange);
    Query query(exchange->request().query, {"expected_revision"});
    const std::int64_t expected = query.integer({"expected_revision"}, 0, 0, kMostRevisions);
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    withExpectedRevision(models, exchange, shownAs(exchange), expected,
                         [&models, exchange, request](std::int64_t revision) mutable {
                             request.set_expected_revision(revision);
                             models.deleteVersion(std::move(request),
                                                  replyToChange<v1::DeleteVersionResponse>(exchange, [](const auto&) {
                                                      return Answer{204, {}};
                                                  }));
                         });
}

} // namespace

void mountVersions(Router& router, const service::Services& services) {
    ModelService& models = services.models;
    const auto with = [&models](auto handler) {
        return [&models, handler](const ExchangePtr& exchange) { handler(models, exchange); };
    };
    router.add("GET", api("/models/{model}/versions"), access::Operation::ReadModels, with(listVersions));
    router.add("GET", api("/models/{model}/versions/{version}"), access::Operation::ReadModels, with(getVersion));
    router.add("POST", api("/models/{model}/versions/{version}/promote"), access::Operation::ChangeVersion,
               with(promoteVersion));
    router.add("POST", api("/models/{model}/versions/{version}/deprecate"), access::Operation::ChangeVersion,
               with(deprecateVersion));
    router.add("DELETE", api("/models/{model}/versions/{version}"), access::Operation::ChangeVersion,
               with(deleteVersion));
}

} // namespace mm::rest::native
