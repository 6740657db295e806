#include "engine/grpc/health/health_rpc.h"

#include "engine/grpc/health/health_watch.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

namespace {

HealthCheckResponse responseOf(const HealthBoard& board, ServingStatus status) {
    HealthCheckResponse response;
    response.set_status(board.isServing() ? status : HealthCheckResponse::NOT_SERVING);
    return response;
}

} // namespace

HealthRpc::HealthRpc(Face face, const std::shared_ptr<HealthBoard>& board) : Rpc(std::move(face)) {
    service::ModelService& models = services().models;
    unary<HealthCheckRequest, HealthCheckResponse>(
        "Check", access::Operation::CheckReady, [&models, board](HealthCheckRequest&& request, auto reply) {
            if (board->isService(request.service()))
                return reply(responseOf(*board, HealthCheckResponse::SERVING));
            v1::GetModelStatusRequest asked;
            asked.set_model_id(request.service());
            models.modelStatus(std::move(asked), [reply, board](const Result<v1::ModelStatus>& status) {
                if (isForbidden(status))
                    return reply(status.error());
                const ServingStatus serving = servingStatus(status);
                if (serving == HealthCheckResponse::SERVICE_UNKNOWN)
                    reply(Error{ErrorCode::NotFound,
                                "No service is named so, and no model either: " + status.error().message});
                else
                    reply(responseOf(*board, serving));
            });
        });
    serverStreaming(
        "Watch", access::Operation::CheckReady,
        answerStream<HealthCheckRequest>([shared = this->face(), board](HealthCheckRequest&& request,
                                                                        const std::shared_ptr<AnswerSink>& sink,
                                                                        const auto&) {
            std::make_shared<HealthWatch>(shared, board, sink, std::move(*request.mutable_service()))->start();
        }));
}

} // namespace mm::grpc_face
