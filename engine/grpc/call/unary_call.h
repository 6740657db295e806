// One unary call: one request in, one answer out, or a cancellation, whichever comes first. Any thread.
// gRPC owns the call until OnDone(). Whoever wins the ticket, the reply or the cancellation, and nobody else, may touch
// the call and finish it; the loser finds the ticket gone. So a reply that comes late, or after the server, is
// harmless.
#pragma once

#include "engine/base/reply.h"
#include "engine/grpc/call/reply_threads.h"
#include "engine/grpc/call/wire.h"
#include "engine/grpc/status_mapping.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace mm::grpc_face {

class UnaryCall final : public grpc::ServerUnaryReactor {
public:
    UnaryCall(grpc::CallbackServerContext* context, grpc::ByteBuffer* out, std::shared_ptr<ReplyThreads> threads)
        : m_context(*context)
        , m_out(*out)
        , m_threads(std::move(threads))
        , m_ticket(std::make_shared<std::atomic<UnaryCall*>>(this)) {}

    // Run when the client has left, its deadline has passed or the server stops, if no reply was there before. To be
    // set before the request is handed on.
    void onCancel(std::function<void()> handler) { m_cancelled = std::move(handler); }

    template <typename Response>
    Reply<Response> reply() {
        return [ticket = m_ticket, threads = m_threads](Result<Response> result) {
            UnaryCall* call = ticket->exchange(nullptr);
            if (call == nullptr)
                return;
            auto shared = std::make_shared<Result<Response>>(std::move(result));
            threads->post([call, shared] { call->finishWith(*shared); });
        };
    }

    void fail(const Error& error) {
        if (m_ticket->exchange(nullptr) != nullptr)
            Finish(toStatus(error, m_context));
    }

private:
    template <typename Message>
    static const Message& messageOf(const Message& message) {
        return message;
    }
    template <typename Message>
    static const Message& messageOf(const std::shared_ptr<const Message>& message) {
        return *message;
    }

    template <typename Response>
    void finishWith(const Result<Response>& result) {
        if (!result.ok()) {
            Finish(toStatus(result.error(), m_context));
            return;
        }
        auto bytes = encode(messageOf(*result));
        if (!bytes.ok()) {
            Finish(toStatus(bytes.error(), m_context));
            return;
        }
        m_out.Swap(&*bytes);
        Finish(grpc::Status::OK);
    }

    void OnCancel() override {
        if (m_ticket->exchange(nullptr) == nullptr)
            return;
        if (m_cancelled)
            m_cancelled();
        Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled before its answer was ready."));
    }
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    grpc::ByteBuffer& m_out;
    std::shared_ptr<ReplyThreads> m_threads;
    std::function<void()> m_cancelled;
    std::shared_ptr<std::atomic<UnaryCall*>> m_ticket;
};

} // namespace mm::grpc_face
