#include "engine/grpc/miraveja/status_call.h"

#include "engine/grpc/miraveja/embedding_request.h"
#include "engine/grpc/status_mapping.h"

#include <google/protobuf/util/time_util.h>

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

StatusCall::StatusCall(Face face, std::shared_ptr<AnswerSink> sink, service::CallContext call)
    : m_face(std::move(face)), m_sink(std::move(sink)), m_call(std::move(call)) {}

void StatusCall::start(v1::InferenceRequest&& request) {
    service::InferenceService& inference = m_face.services.inference;
    m_sink->setHandlers({.written = {}, .cancelled = [&inference, id = m_call.requestId] { inference.cancel(id); }});
    InferenceStatus accepted;
    accepted.set_state(InferenceStatus::STATE_ACCEPTED);
    tell(std::move(accepted));
    inference.infer(std::make_shared<const v1::InferenceRequest>(std::move(request)), m_call,
                    [self = shared_from_this()](Result<Response> result) {
                        self->m_face.threads->post([self, result = std::move(result)] { self->finish(result); });
                    });
}

void StatusCall::tell(InferenceStatus&& status) {
    status.set_request_id(m_call.requestId);
    *status.mutable_at() = google::protobuf::util::TimeUtil::GetCurrentTime();
    if (auto bytes = encode(status, m_face.maxMessageBytes); bytes.ok())
        m_sink->write(std::move(*bytes));
}

void StatusCall::finish(const Result<Response>& result) {
    Result<EmbeddingResponse> made =
        result.ok() ? toEmbedding(**result, m_call.requestId) : Result<EmbeddingResponse>(result.error());
    InferenceStatus status;
    if (made.ok()) {
        status.set_state(InferenceStatus::STATE_COMPLETED);
        *status.mutable_result() = std::move(*made);
        tell(std::move(status));
        return m_sink->end();
    }
    status.set_state(InferenceStatus::STATE_FAILED);
    status.set_message(made.error().message);
    *status.mutable_error() = toTrailerError(made.error());
    tell(std::move(status));
    m_sink->end(made.error(), m_call.requestId);
}

} // namespace mm::grpc_face
