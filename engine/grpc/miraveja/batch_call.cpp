#include "engine/grpc/miraveja/batch_call.h"

#include "engine/base/ids.h"
#include "engine/grpc/call/caller.h"
#include "engine/grpc/miraveja/embedding_request.h"
#include "engine/ipc/facts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

BatchCall::BatchCall(Face face, BatchRequest&& batch, std::shared_ptr<AnswerSink> sink, service::CallContext call,
                     int timeoutSeconds)
    : m_face(std::move(face))
    , m_sink(std::move(sink))
    , m_call(std::move(call))
    , m_timeoutSeconds(timeoutSeconds)
    , m_batch(std::move(batch)) {}

void BatchCall::start() {
    if (m_batch.requests().empty())
        return m_sink->end(invalidField("requests", "is empty; at least one is needed"));
    m_sink->setHandlers({.written =
                             [self = shared_from_this()] {
                                 {
                                     const std::lock_guard lock(self->m_mutex);
                                     ++self->m_written;
                                 }
                                 self->advance();
                             },
                         .cancelled = [self = shared_from_this()] { self->cancel(); }});
    advance();
}

void BatchCall::advance() {
    for (;;) {
        EmbeddingRequest request;
        std::string id;
        int number = 0;
        {
            const std::lock_guard lock(m_mutex);
            number = m_first + static_cast<int>(m_slots.size());
            if (m_cancelled || number == m_batch.requests_size() || number - m_written >= static_cast<int>(kWindow))
                return;
            request = std::move(*m_batch.mutable_requests(number));
            id = request.request_id().empty() ? newUuid() : request.request_id();
            m_slots.push_back({id});
        }
        submit(number, std::move(request), id);
    }
}

void BatchCall::submit(int number, EmbeddingRequest&& request, const std::string& requestId) {
    if (!isRequestId(requestId))
        return answer(number, invalidField("request_id", "must be 1 to 128 visible ASCII characters without spaces"),
                      {});
    Result<v1::InferenceRequest> asked = toInference(std::move(request));
    if (!asked.ok())
        return answer(number, asked.error(), requestId);
    if (m_timeoutSeconds > 0 && asked->timeout_seconds() >= 0)
        asked->set_timeout_seconds(
            asked->timeout_seconds() == 0 ? m_timeoutSeconds : std::min(m_timeoutSeconds, asked->timeout_seconds()));
    service::CallContext call = m_call;
    call.requestId = requestId;
    call.received = std::chrono::steady_clock::now();
    m_face.services.inference.infer(
        std::make_shared<const v1::InferenceRequest>(std::move(asked).value()), call,
        [self = shared_from_this(), number, requestId](Result<Response> result) {
            self->m_face.threads->post([self, number, requestId, result = std::move(result)] {
                self->answer(number,
                             result.ok() ? toEmbedding(**result, requestId) : Result<EmbeddingResponse>(result.error()),
                             requestId);
            });
        });
    bool cancelled = false;
    {
        const std::lock_guard lock(m_mutex);
        cancelled = m_cancelled;
    }
    if (cancelled) // it may have come before this request was known
        m_face.services.inference.cancel(requestId);
}

void BatchCall::answer(int number, const Result<EmbeddingResponse>& result, const std::string& requestId) {
    EmbeddingResponse failed;
    if (!result.ok()) {
        failed.set_request_id(requestId);
        *failed.mutable_error() = ipc::toProto(result.error());
    }
    auto bytes = encode(result.ok() ? *result : failed, m_face.maxMessageBytes);
    {
        const std::lock_guard lock(m_mutex);
        m_slots[static_cast<std::size_t>(number - m_first)].answer =
            bytes.ok() ? std::move(*bytes) : grpc::ByteBuffer();
        if (std::exchange(m_flushing, true))
            return; // whoever does it takes this answer too
    }
    flush();
}

// Outside of the lock, since the sink may call back; by one thread at a time, so that the order is kept.
void BatchCall::flush() {
    for (;;) {
        grpc::ByteBuffer next;
        bool last = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_slots.empty() || !m_slots.front().answer) {
                m_flushing = false;
                return;
            }
            next = std::move(*m_slots.front().answer);
            m_slots.pop_front();
            last = ++m_first == m_batch.requests_size();
        }
        m_sink->write(std::move(next));
        if (last)
            m_sink->end();
    }
}

void BatchCall::cancel() {
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled = true;
        for (const Slot& slot : m_slots)
            if (!slot.answer)
                ids.push_back(slot.requestId);
    }
    for (std::string& id : ids)
        m_face.services.inference.cancel(std::move(id));
}

} // namespace mm::grpc_face
