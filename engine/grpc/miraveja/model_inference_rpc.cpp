#include "engine/grpc/miraveja/model_inference_rpc.h"

#include "engine/grpc/call/answer_stream.h"
#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/deadline.h"
#include "engine/grpc/miraveja/batch_call.h"
#include "engine/grpc/miraveja/embedding_request.h"
#include "engine/grpc/miraveja/status_call.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

namespace {

void generateEmbedding(const Face& face, EmbeddingRequest&& request, const Reply<EmbeddingResponse>& reply,
                       UnaryCall& call, grpc::CallbackServerContext& context) {
    Result<service::CallContext> asked = callOf(context, request.request_id());
    if (!asked.ok())
        return call.fail(asked.error());
    call.identify(*asked);
    Result<v1::InferenceRequest> inference = toInference(std::move(request));
    if (!inference.ok())
        return call.fail(inference.error());
    applyDeadline(context, *inference);
    service::InferenceService& service = face.services.inference;
    call.onCancel([&service, id = asked->requestId] { service.cancel(id); });
    service.infer(std::make_shared<const v1::InferenceRequest>(std::move(inference).value()), *asked,
                  [reply, id = asked->requestId](const Result<Response>& result) {
                      if (result.ok())
                          reply(toEmbedding(**result, id));
                      else
                          reply(result.error());
                  });
}

auto generateBatch(const Face& face) {
    return answerStream<BatchRequest>([face](BatchRequest&& request, const std::shared_ptr<AnswerSink>& sink,
                                             grpc::CallbackServerContext& context) {
        Result<service::CallContext> call = callOf(context, {});
        if (!call.ok())
            return sink->end(call.error());
        v1::InferenceRequest unset;
        applyDeadline(context, unset);
        std::make_shared<BatchCall>(face, std::move(request), sink, std::move(call).value(), unset.timeout_seconds())
            ->start();
    });
}

auto generateStream(const Face& face) {
    return answerStream<EmbeddingRequest>([face](EmbeddingRequest&& request, const std::shared_ptr<AnswerSink>& sink,
                                                 grpc::CallbackServerContext& context) {
        Result<service::CallContext> asked = callOf(context, request.request_id());
        if (!asked.ok())
            return sink->end(asked.error());
        Result<v1::InferenceRequest> inference = toInference(std::move(request));
        if (!inference.ok())
            return sink->end(inference.error(), asked->requestId);
        applyDeadline(context, *inference);
        std::make_shared<StatusCall>(face, sink, std::move(asked).value())->start(std::move(inference).value());
    });
}

} // namespace

ModelInferenceRpc::ModelInferenceRpc(Face face) : Rpc(std::move(face)) {
    unaryWithCall<EmbeddingRequest, EmbeddingResponse>(
        "GenerateEmbedding", access::Operation::Infer,
        [shared = this->face()](EmbeddingRequest&& request, auto reply, UnaryCall& call,
                                grpc::CallbackServerContext& context) {
            generateEmbedding(shared, std::move(request), reply, call, context);
        });
    serverStreaming("GenerateBatch", access::Operation::Infer, generateBatch(this->face()));
    serverStreaming("GenerateEmbeddingStream", access::Operation::Infer, generateStream(this->face()));
}

} // namespace mm::grpc_face
