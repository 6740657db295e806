// One unary call: one request in, one answer out, or a cancellation, whichever comes first. Any thread.
// gRPC owns the call until OnDone(). Whoever wins the ticket, the reply or the cancellation, and nobody else, may touch
// the call and finish it; the loser finds the ticket gone. So a reply that comes late, or after the server, is
// harmless.
#pragma once

#include "engine/base/reply.h"
#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/reply_threads.h"
#include "engine/grpc/call/wire.h"
#include "engine/grpc/status_mapping.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mm::grpc_face {

class UnaryCall final : public grpc::ServerUnaryReactor {
public:
    UnaryCall(grpc::CallbackServerContext* context, grpc::ByteBuffer* out, std::shared_ptr<ReplyThreads> threads,
              std::size_t limit)
        : m_context(*context)
        , m_out(*out)
        , m_threads(std::move(threads))
        , m_limit(limit)
        , m_ticket(std::make_shared<std::atomic<UnaryCall*>>(this)) {}

    // Run when the client has left, its deadline has passed or the server stops, if no reply was there before. To be
    // set before the request is handed on.
    void onCancel(std::function<void()> handler) { m_cancelled = std::move(handler); }

    // The id that the request goes by, and its trace; the client finds both in the answer's metadata. To be set before
    // the request is handed on.
    void identify(const service::CallContext& call) {
        m_requestId = call.requestId;
        m_context.AddInitialMetadata(kRequestIdMetadata, call.requestId);
        if (call.trace.isTraced())
            m_context.AddInitialMetadata("traceparent", service::traceResponse(call.trace));
    }

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
            Finish(statusOf(error));
    }

private:
    grpc::Status statusOf(const Error& error) {
        if (m_requestId.empty())
            if (const auto given = metadataOf(m_context, kRequestIdMetadata); isRequestId(given))
                m_requestId = given;
        return toStatus(error, m_context, m_requestId);
    }

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
            Finish(statusOf(result.error()));
            return;
        }
        auto bytes = encode(messageOf(*result), m_limit);
        if (!bytes.ok()) {
            Finish(statusOf(bytes.error()));
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
        if (m_context.deadline() <= std::chrono::system_clock::now())
            Finish(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "The call's deadline passed before its answer."));
        else
            Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled before its answer was ready."));
    }
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    grpc::ByteBuffer& m_out;
    std::shared_ptr<ReplyThreads> m_threads;
    std::size_t m_limit;
    std::string m_requestId;
    std::function<void()> m_cancelled;
    std::shared_ptr<std::atomic<UnaryCall*>> m_ticket;
};

} // namespace mm::grpc_face
