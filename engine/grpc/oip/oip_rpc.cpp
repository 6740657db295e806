#include "engine/grpc/oip/oip_rpc.h"

#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/infer_stream.h"
#include "engine/grpc/oip/oip_messages.h"
#include "engine/grpc/oip/oip_stream.h"
#include "engine/grpc/oip/oip_tensors.h"

#include <memory>
#include <utility>

namespace mm::grpc_face {
namespace {

namespace v1 = modelmora::v1;
namespace pb = ::inference;
namespace core = dialects::oip;

// A reply that hands on convert(value).
template <typename Value, typename Response, typename Convert>
Reply<Value> converting(Reply<Response> reply, Convert convert) {
    return [reply = std::move(reply), convert](const Result<Value>& result) {
        if (result.ok())
            reply(convert(*result));
        else
            reply(result.error());
    };
}

// next(model id), or the reason why there is none as the reply.
template <typename Request, typename Response, typename Next>
void withModel(const Request& request, const Reply<Response>& reply, Next next) {
    Result<std::string> model = core::versionedModel(request.name(), request.version());
    if (!model.ok())
        return reply(std::move(model).error());
    next(*model);
}

template <typename Response>
Reply<bool> readyReply(Reply<Response> reply) {
    return converting<bool>(std::move(reply), [](bool ready) {
        Response response;
        response.set_ready(ready);
        return response;
    });
}

} // namespace

OipRpc::OipRpc(Face face) : Rpc(std::move(face)) {
    bindServer();
    bindModels();
    bindInference();
    bindRepository();
    bindUnsupported();
}

void OipRpc::bindServer() {
    const service::Services all = services();
    unary<pb::ServerLiveRequest, pb::ServerLiveResponse>("ServerLive", access::Operation::CheckAlive,
                                                         [](auto&&, auto reply) {
                                                             pb::ServerLiveResponse response;
                                                             response.set_live(true);
                                                             reply(std::move(response));
                                                         });
    unary<pb::ServerReadyRequest, pb::ServerReadyResponse>(
        "ServerReady", access::Operation::CheckReady,
        [all](auto&&, auto reply) { core::serverReady(all, readyReply(std::move(reply))); });
    unary<pb::ServerMetadataRequest, pb::ServerMetadataResponse>("ServerMetadata", access::Operation::ReadStatus,
                                                                 [](auto&&, auto reply) { reply(serverMetadata()); });
}

void OipRpc::bindModels() {
    const service::Services all = services();
    unary<pb::ModelReadyRequest, pb::ModelReadyResponse>(
        "ModelReady", access::Operation::ReadModels, [all](auto&& request, auto reply) {
            withModel(request, reply,
                      [&](const std::string& model) { core::modelReady(all, model, readyReply(std::move(reply))); });
        });
    unary<pb::ModelMetadataRequest, pb::ModelMetadataResponse>(
        "ModelMetadata", access::Operation::ReadModels, [all](auto&& request, auto reply) {
            withModel(request, reply, [&](const std::string& model) {
                core::modelCard(all, model, converting<core::ModelCard>(std::move(reply), toMetadata));
            });
        });
    unary<pb::ModelConfigRequest, pb::ModelConfigResponse>(
        "ModelConfig", access::Operation::ReadModels, [all](auto&& request, auto reply) {
            withModel(request, reply, [&](const std::string& model) {
                core::modelCard(all, model, converting<core::ModelCard>(std::move(reply), toConfig));
            });
        });
    unary<pb::ModelStatisticsRequest, pb::ModelStatisticsResponse>(
        "ModelStatistics", access::Operation::ReadModels, [all](auto&& request, auto reply) {
            withModel(request, reply, [&](const std::string& model) {
                core::modelStatistics(all, model,
                                      converting<std::vector<core::ModelStatistics>>(std::move(reply), toStatistics));
            });
        });
}

void OipRpc::bindInference() {
    unaryWithCall<pb::ModelInferRequest, pb::ModelInferResponse>(
        "ModelInfer", access::Operation::Infer,
        [face = face()](pb::ModelInferRequest&& request, auto reply, UnaryCall& call,
                        grpc::CallbackServerContext& context) {
            auto kept = std::make_shared<pb::ModelInferRequest>(std::move(request));
            Result<service::CallContext> caller = callOf(context, {});
            if (!caller.ok())
                return call.fail(caller.error());
            call.identify(*caller);
            Result<core::InferOrder> order = oipOrder(face, kept, std::move(caller).value(), context);
            if (!order.ok())
                return call.fail(order.error());
            const auto asked = order->call;
            const auto cancel = core::cancelFor(face.services, *order);
            call.onCancel([cancel] { cancel->cancel(); });
            core::infer(face.services, std::move(order).value(), cancel,
                        [kept, asked, reply = std::move(reply)](Result<core::InferResult> result) {
                            if (!result.ok())
                                return reply(std::move(result).error());
                            reply(toInferResponse(*result, *asked));
                        });
        });
    bidirectional("ModelStreamInfer", access::Operation::Infer, [face = face()](grpc::CallbackServerContext* context) {
        auto messages = std::make_unique<OipStream>(face, callerOf(*context));
        return new InferStream(context, std::move(messages), face.held); // ends itself in OnDone()
    });
}

void OipRpc::bindRepository() {
    const service::Services all = services();
    unary<pb::RepositoryIndexRequest, pb::RepositoryIndexResponse>(
        "RepositoryIndex", access::Operation::ReadModels, [all](auto&& request, auto reply) {
            if (auto named = core::checkRepositoryName(request.repository_name()); !named.ok())
                return reply(std::move(named).error());
            core::repositoryIndex(all, request.ready(),
                                  converting<std::vector<core::IndexEntry>>(std::move(reply), toIndex));
        });
    unary<pb::RepositoryModelLoadRequest, pb::RepositoryModelLoadResponse>(
        "RepositoryModelLoad", access::Operation::LoadModel, [all](auto&& request, auto reply) {
            if (auto named = core::checkRepositoryName(request.repository_name()); !named.ok())
                return reply(std::move(named).error());
            auto load = core::loadRequest(request.model_name(), toStruct(request.parameters()));
            if (!load.ok())
                return reply(std::move(load).error());
            all.models.loadModel(std::move(load).value(), {},
                                 converting<v1::ModelStatus>(std::move(reply), [](const v1::ModelStatus&) {
                                     return pb::RepositoryModelLoadResponse();
                                 }));
        });
    unary<pb::RepositoryModelUnloadRequest, pb::RepositoryModelUnloadResponse>(
        "RepositoryModelUnload", access::Operation::UnloadModel, [all](auto&& request, auto reply) {
            if (auto named = core::checkRepositoryName(request.repository_name()); !named.ok())
                return reply(std::move(named).error());
            auto unload = core::unloadRequest(request.model_name(), toStruct(request.parameters()));
            if (!unload.ok())
                return reply(std::move(unload).error());
            all.models.unloadModel(std::move(unload).value(), converting<v1::UnloadModelResponse>(
                                                                  std::move(reply), [](const v1::UnloadModelResponse&) {
                                                                      return pb::RepositoryModelUnloadResponse();
                                                                  }));
        });
}

void OipRpc::bindUnsupported() {
    const std::string memory = "Shared memory is not supported: tensors travel within the request and its answer.";
    notImplemented<pb::SystemSharedMemoryStatusRequest>("SystemSharedMemoryStatus", access::Operation::ReadStatus,
                                                        memory);
    notImplemented<pb::SystemSharedMemoryRegisterRequest>("SystemSharedMemoryRegister", access::Operation::ReadStatus,
                                                          memory);
    notImplemented<pb::SystemSharedMemoryUnregisterRequest>("SystemSharedMemoryUnregister",
                                                            access::Operation::ReadStatus, memory);
    notImplemented<pb::CudaSharedMemoryStatusRequest>("CudaSharedMemoryStatus", access::Operation::ReadStatus, memory);
    notImplemented<pb::CudaSharedMemoryRegisterRequest>("CudaSharedMemoryRegister", access::Operation::ReadStatus,
                                                        memory);
    notImplemented<pb::CudaSharedMemoryUnregisterRequest>("CudaSharedMemoryUnregister", access::Operation::ReadStatus,
                                                          memory);
    const std::string settings = "Trace and log settings cannot be read or changed here: they are set when the engine "
                                 "starts (log-level, log-format).";
    notImplemented<pb::TraceSettingRequest>("TraceSetting", access::Operation::ReadStatus, settings);
    notImplemented<pb::LogSettingsRequest>("LogSettings", access::Operation::ReadStatus, settings);
}

} // namespace mm::grpc_face
