// The answer of WatchEvents: each event as it comes, one under way at a time, so that gRPC's flow control decides how
// fast they go; the watch behind it decides when a reader is too slow. Ends with the watch's error, or with the client.
// Any thread.
#pragma once

#include "engine/grpc/call/reply_threads.h"
#include "engine/service/events/event_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace mm::grpc_face {

class EventStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
public:
    EventStream(grpc::CallbackServerContext* context, std::shared_ptr<ReplyThreads> threads);

    [[nodiscard]] Reply<service::EventService::Watch> reply() const;
    void fail(Error error);

private:
    // Outlives the stream as long as the engine may speak; `stream` is null from the moment the call is finished.
    struct State {
        std::mutex mutex;
        EventStream* stream = nullptr;
        service::EventService::Watch watch;
        std::deque<events::EventPtr> taken;
        bool writing = false;
        bool cancelled = false;
        bool over = false;
        std::optional<Error> error;
    };
    using StatePtr = std::shared_ptr<State>;
    static void listen(const StatePtr& state, const std::shared_ptr<ReplyThreads>& threads);
    // Writes the next event, waits for one, or finishes the call.
    static void advance(const StatePtr& state);
    void write(const modelmora::v1::Event& event);

    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    std::shared_ptr<ReplyThreads> m_threads;
    StatePtr m_state;
    grpc::ByteBuffer m_out;
};

} // namespace mm::grpc_face
