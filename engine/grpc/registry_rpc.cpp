#include "engine/grpc/registry_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

RegistryRpc::RegistryRpc(Face face) : Rpc(std::move(face)) {
    service::ModelService& models = services().models;
    unary<v1::RegisterModelRequest, v1::Model>(
        "RegisterModel", access::Operation::RegisterModel,
        [&models](auto request, auto reply) { models.registerModel(std::move(request), std::move(reply)); });
    unary<v1::ListModelsRequest, v1::ListModelsResponse>(
        "ListModels", access::Operation::ReadModels,
        [&models](auto request, auto reply) { models.listModels(std::move(request), std::move(reply)); });
    unary<v1::GetModelRequest, v1::Model>(
        "GetModel", access::Operation::ReadModels,
        [&models](auto request, auto reply) { models.getModel(std::move(request), std::move(reply)); });
    unary<v1::UpdateModelRequest, v1::Model>(
        "UpdateModel", access::Operation::UpdateModel,
        [&models](auto request, auto reply) { models.updateModel(std::move(request), std::move(reply)); });
    unary<v1::DeleteModelRequest, v1::DeleteModelResponse>(
        "DeleteModel", access::Operation::DeleteModel,
        [&models](auto request, auto reply) { models.deleteModel(std::move(request), std::move(reply)); });
    unary<v1::ListVersionsRequest, v1::ListVersionsResponse>(
        "ListVersions", access::Operation::ReadModels,
        [&models](auto request, auto reply) { models.listVersions(std::move(request), std::move(reply)); });
    unary<v1::PromoteVersionRequest, v1::Model>(
        "PromoteVersion", access::Operation::ChangeVersion,
        [&models](auto request, auto reply) { models.promoteVersion(std::move(request), std::move(reply)); });
    unary<v1::DeprecateVersionRequest, v1::Model>(
        "DeprecateVersion", access::Operation::ChangeVersion,
        [&models](auto request, auto reply) { models.deprecateVersion(std::move(request), std::move(reply)); });
    unary<v1::DeleteVersionRequest, v1::DeleteVersionResponse>(
        "DeleteVersion", access::Operation::ChangeVersion,
        [&models](auto request, auto reply) { models.deleteVersion(std::move(request), std::move(reply)); });
    // A model that is not there is told first.
    unary<v1::DownloadModelRequest, v1::DownloadModelResponse>(
        "DownloadModel", access::Operation::RegisterModel, [&models](auto request, auto reply) {
            v1::GetModelRequest asked;
            asked.set_model_id(request.model_id());
            models.getModel(std::move(asked), [reply = std::move(reply)](const Result<v1::Model>& model) {
                reply(model.ok() ? Error{ErrorCode::NotImplemented,
                                         "This engine cannot download models yet. Register a local folder instead, "
                                         "with RegisterModel and a source_url of \"file:///...\"."}
                                 : model.error());
            });
        });
    notImplemented<v1::GenerateLockRequest>(
        "GenerateLock", access::Operation::ReadModels,
        "This engine writes no lock files yet. ListModels tells each model's version and checksum.");
}

} // namespace mm::grpc_face
