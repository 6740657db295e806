#include "engine/dialects/oip/model_card.h"

#include <memory>
#include <utility>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;

using CardPtr = std::shared_ptr<ModelCard>;

void addVersions(service::ModelService& models, const CardPtr& card, const Reply<ModelCard>& reply) {
    v1::ListVersionsRequest request;
    request.set_model_id(card->model.model_id());
    models.listVersions(std::move(request), [card, reply](Result<v1::ListVersionsResponse> listed) {
        if (!listed)
            return reply(std::move(listed).error());
        for (const v1::Model& version : listed->versions())
            card->versions.push_back(version.version());
        Result<Signature> signature = signatureOf(card->model, card->status);
        if (!signature)
            return reply(std::move(signature).error());
        card->signature = std::move(signature).value();
        reply(std::move(*card));
    });
}

void addStatus(service::ModelService& models, const std::string& id, const CardPtr& card,
               const Reply<ModelCard>& reply) {
    v1::GetModelStatusRequest request;
    request.set_model_id(id);
    models.modelStatus(std::move(request), [&models, card, reply](Result<v1::ModelStatus> status) {
        if (!status)
            return reply(std::move(status).error());
        card->status = std::move(status).value();
        addVersions(models, card, reply);
    });
}

} // namespace

void modelCard(const service::Services& services, const std::string& id, Reply<ModelCard> reply) {
    v1::GetModelRequest request;
    request.set_model_id(id);
    service::ModelService& models = services.models;
    models.getModel(std::move(request), [&models, id, reply = std::move(reply)](Result<v1::Model> model) {
        if (!model)
            return reply(std::move(model).error());
        const auto card = std::make_shared<ModelCard>();
        card->model = std::move(model).value();
        addStatus(models, id, card, reply);
    });
}

void modelReady(const service::Services& services, const std::string& id, Reply<bool> reply) {
    v1::GetModelStatusRequest request;
    request.set_model_id(id);
    services.models.modelStatus(std::move(request), [reply = std::move(reply)](Result<v1::ModelStatus> status) {
        if (!status)
            return reply(std::move(status).error());
        reply(status->state() == v1::MODEL_STATE_LOADED);
    });
}

void serverReady(const service::Services& services, Reply<bool> reply) {
    services.system.readiness([reply = std::move(reply)](Result<v1::ReadinessResponse> readiness) {
        if (!readiness)
            return reply(std::move(readiness).error());
        reply(readiness->status() == "ready");
    });
}

const std::vector<std::string_view>& serverExtensions() {
    static const std::vector<std::string_view> names{"binary_tensor_data", "model_repository", "model_configuration",
                                                     "schedule_policy",    "parameters",       "statistics"};
    return names;
}

} // namespace mm::dialects::oip
