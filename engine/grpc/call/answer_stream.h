// The answers of one server-streaming call: whoever makes them writes them into the sink, in order; they go out one
// after another, at the pace at which the client reads. Any thread.
// The sink may outlive the call: what comes after its end is dropped. Writing never blocks, so whoever makes many
// answers waits for `written` before it makes more.
#pragma once

#include "engine/base/error.h"
#include "engine/grpc/call/rpc.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mm::grpc_face {

class AnswerStream;

class AnswerSink {
public:
    struct Handlers {
        std::function<void()> written;   // after each answer, from gRPC's threads
        std::function<void()> cancelled; // once, where the client left, its deadline passed or the server stops
    };

    // Before anything is written.
    void setHandlers(Handlers handlers);
    void write(grpc::ByteBuffer answer);
    // After what was written; `requestId` goes with the error.
    void end(std::optional<Error> error = std::nullopt, const std::string& requestId = {});

private:
    friend class AnswerStream;
    void advance();
    void lose();

    std::mutex m_mutex;
    AnswerStream* m_stream = nullptr; // null from the moment the call is finished
    std::deque<grpc::ByteBuffer> m_waiting;
    Handlers m_handlers;
    bool m_writing = false;
    bool m_cancelled = false;
    bool m_ended = false;
    std::optional<Error> m_error;
    std::string m_requestId;
};

// Ends itself in OnDone().
class AnswerStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
public:
    explicit AnswerStream(grpc::CallbackServerContext* context);

    [[nodiscard]] const std::shared_ptr<AnswerSink>& sink() const { return m_sink; }

private:
    friend class AnswerSink;
    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    std::shared_ptr<AnswerSink> m_sink;
    grpc::ByteBuffer m_out;
};

// Makes calls that read one request and answer through a sink: start(request, sink, context).
template <typename Request, typename Start>
auto answerStream(Start start) {
    return [start = std::move(start)](grpc::CallbackServerContext* context, const grpc::ByteBuffer* in) {
        auto* stream = new AnswerStream(context); // NOLINT(cppcoreguidelines-owning-memory)
        Request request;
        if (auto read = decode(*in, request); read.ok())
            start(std::move(request), stream->sink(), *context);
        else
            stream->sink()->end(read.error());
        return stream;
    };
}

} // namespace mm::grpc_face
