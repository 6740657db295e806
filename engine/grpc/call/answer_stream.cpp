#include "engine/grpc/call/answer_stream.h"

#include "engine/grpc/status_mapping.h"

#include <utility>

namespace mm::grpc_face {

AnswerStream::AnswerStream(grpc::CallbackServerContext* context)
    : m_context(*context), m_sink(std::make_shared<AnswerSink>()) {
    m_sink->m_stream = this;
}

void AnswerSink::setHandlers(Handlers handlers) {
    const std::lock_guard lock(m_mutex);
    m_handlers = std::move(handlers);
}

void AnswerSink::write(grpc::ByteBuffer answer) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stream == nullptr || m_ended)
            return;
        m_waiting.push_back(std::move(answer));
    }
    advance();
}

void AnswerSink::end(std::optional<Error> error, const std::string& requestId) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended)
            return;
        m_ended = true;
        m_error = std::move(error);
        m_requestId = requestId;
    }
    advance();
}

void AnswerSink::advance() {
    AnswerStream* stream = nullptr;
    bool write = false;
    grpc::Status status = grpc::Status::OK;
    Handlers over; // they may hold the sink
    {
        const std::lock_guard lock(m_mutex);
        if (m_stream == nullptr || m_writing)
            return;
        stream = m_stream;
        if (m_cancelled) {
            status = {grpc::StatusCode::CANCELLED, "The call was cancelled before all its answers were ready."};
        } else if (!m_waiting.empty()) {
            write = m_writing = true;
            stream->m_out.Swap(&m_waiting.front());
            m_waiting.pop_front();
        } else if (!m_ended) {
            return;
        } else if (m_error) {
            status = toStatus(*m_error, stream->m_context, m_requestId);
        }
        if (!write) {
            m_stream = nullptr;
            over = std::exchange(m_handlers, {});
        }
    }
    // gRPC may call back from within these two, so they stand outside of the lock. With a write under way nobody
    // finishes, and once the stream is null nobody writes.
    if (write)
        stream->StartWrite(&stream->m_out);
    else
        stream->Finish(status);
}

void AnswerSink::lose() {
    std::function<void()> cancelled;
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled = true;
        m_waiting.clear();
        cancelled = std::exchange(m_handlers.cancelled, nullptr);
        m_handlers.written = nullptr;
    }
    if (cancelled)
        cancelled();
}

void AnswerStream::OnWriteDone(bool ok) {
    const auto sink = m_sink;
    std::function<void()> written;
    if (!ok)
        sink->lose();
    {
        const std::lock_guard lock(sink->m_mutex);
        sink->m_writing = false;
        written = sink->m_handlers.written;
    }
    sink->advance();
    if (written)
        written();
}

void AnswerStream::OnCancel() {
    const auto sink = m_sink;
    sink->lose();
    sink->advance();
}

} // namespace mm::grpc_face
