#include "engine/grpc/management_rpc.h"

#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/load_stream.h"
#include "engine/grpc/events/event_stream.h"
#include "engine/service/warmup/warm_up.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

namespace {

auto loadWithProgress(const Face& face) {
    return [face](grpc::CallbackServerContext* context, const grpc::ByteBuffer* in) {
        auto* call = new LoadStream(context, face.threads); // ends itself in OnDone()
        v1::LoadModelRequest request;
        if (auto read = decode(*in, request); read.ok())
            face.services.models.loadModel(std::move(request), call->progress(), call->reply());
        else
            call->fail(read.error());
        return call;
    };
}

auto watchEvents(const Face& face) {
    return [face](grpc::CallbackServerContext* context, const grpc::ByteBuffer* in) {
        auto* call = new EventStream(context, face.threads); // ends itself in OnDone()
        v1::WatchEventsRequest request;
        if (auto read = decode(*in, request); read.ok())
            face.services.events.watch(std::move(request), call->reply());
        else
            call->fail(read.error());
        return call;
    };
}

} // namespace

ManagementRpc::ManagementRpc(Face face) : Rpc(std::move(face)) {
    service::ModelService& models = services().models;
    service::SystemService& system = services().system;
    unary<v1::LoadModelRequest, v1::ModelStatus>(
        "LoadModel", access::Operation::LoadModel,
        [&models](auto request, auto reply) { models.loadModel(std::move(request), {}, std::move(reply)); });
    serverStreaming("LoadModelWithProgress", access::Operation::LoadModel, loadWithProgress(this->face()));
    serverStreaming("WatchEvents", access::Operation::WatchEvents, watchEvents(this->face()));
    unaryWithCall<v1::WarmUpModelRequest, v1::WarmUpModelResponse>(
        "WarmUpModel", access::Operation::LoadModel,
        [services = services()](v1::WarmUpModelRequest&& request, auto reply, UnaryCall& call,
                                grpc::CallbackServerContext& context) {
            auto asked = callOf(context, {});
            if (!asked.ok())
                return call.fail(asked.error());
            call.identify(*asked);
            const auto warmUp =
                service::WarmUp::make(services, std::move(request), std::move(*asked), std::move(reply));
            call.onCancel([warmUp] { warmUp->stop(); });
            warmUp->start();
        });
    unary<v1::UnloadModelRequest, v1::UnloadModelResponse>(
        "UnloadModel", access::Operation::UnloadModel,
        [&models](auto request, auto reply) { models.unloadModel(std::move(request), std::move(reply)); });
    unary<v1::GetModelStatusRequest, v1::ModelStatus>(
        "GetModelStatus", access::Operation::ReadModels,
        [&models](auto request, auto reply) { models.modelStatus(std::move(request), std::move(reply)); });
    unary<v1::GetSystemStatusRequest, v1::SystemStatus>(
        "GetSystemStatus", access::Operation::ReadStatus,
        [&system](auto&&, auto reply) { system.status(std::move(reply)); });
    unary<v1::GetModelHealthRequest, v1::ModelHealthResponse>(
        "GetModelHealth", access::Operation::ReadStatus,
        [&system](auto&&, auto reply) { system.modelHealth(std::move(reply)); });
    unary<v1::ReadinessRequest, v1::ReadinessResponse>(
        "ReadinessCheck", access::Operation::CheckReady,
        [&system](auto&&, auto reply) { system.readiness(std::move(reply)); });
    // Alive means that the process answers: asked of nobody else, so that a busy engine is not taken for a dead one.
    unary<v1::LivenessRequest, v1::LivenessResponse>("LivenessCheck", access::Operation::CheckAlive,
                                                     [](auto&&, auto reply) {
                                                         v1::LivenessResponse response;
                                                         response.set_status("alive");
                                                         reply(std::move(response));
                                                     });
    unary<v1::PlanLoadRequest, v1::LoadPlan>(
        "PlanLoad", access::Operation::PlanLoad,
        [&models](auto request, auto reply) { models.planLoad(std::move(request), std::move(reply)); });
    unary<v1::SetPinnedRequest, v1::ModelStatus>(
        "SetPinned", access::Operation::PinModel,
        [&models](auto request, auto reply) { models.setPinned(std::move(request), std::move(reply)); });
    unary<v1::GetMemoryRequest, v1::MemoryLedger>("GetMemory", access::Operation::ReadStatus,
                                                  [&system](auto&&, auto reply) { system.memory(std::move(reply)); });
}

} // namespace mm::grpc_face
