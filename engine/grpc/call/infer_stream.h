// One bidirectional stream of inferences: requests as they come, answers in the order of the requests. Any thread.
// What the messages are is StreamMessages' matter, the flow is the same for all of them. A bounded
// window of requests is with the engine, and while it is full, or answers wait that the client does not read, nothing
// is read, so that the client is held back by HTTP/2's own flow control. A request that fails is answered in its place
// and the stream goes on; the client leaving, its deadline or the server's end cancels what is under way.
#pragma once

#include "engine/grpc/call/held_bytes.h"
#include "engine/grpc/call/stream_messages.h"

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace mm::grpc_face {

class InferStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    static constexpr std::size_t kWindowRequests = 32;
    static constexpr std::size_t kWindowBytes = 64U << 20; // one message may be larger

    // `held`: what all streams of the server hold together; null: only this one counts.
    InferStream(grpc::CallbackServerContext* context, std::unique_ptr<StreamMessages> messages,
                std::shared_ptr<HeldBytes> held = nullptr);

private:
    struct Slot {
        std::size_t bytes = 0;             // of the request, then of its answer
        std::function<void()> cancel = {}; // from when the request has been started
        std::optional<grpc::ByteBuffer> answer = std::nullopt;
    };
    // Outlives the call as long as replies may come; `stream` is null from the moment the call is finished.
    struct State {
        explicit State(std::shared_ptr<HeldBytes> shared) : held(std::move(shared)) {}
        ~State() { drop(heldBytes); }
        State(const State&) = delete;
        State& operator=(const State&) = delete;

        void hold(std::size_t bytes) {
            heldBytes += bytes;
            if (held)
                held->add(bytes);
        }
        void drop(std::size_t bytes) {
            heldBytes -= bytes;
            if (held)
                held->drop(bytes);
        }
        [[nodiscard]] bool hasRoom() const;

        std::mutex mutex;
        std::shared_ptr<HeldBytes> held; // by all streams
        InferStream* stream = nullptr;
        std::deque<Slot> slots;        // the requests not yet answered to the client, oldest first
        std::uint64_t first = 0;       // number of slots.front()
        std::size_t heldBytes = 0;     // by `slots`
        std::size_t unanswered = 0;    // of them
        std::size_t largestAnswer = 0; // so far: what those that are still to come may take
        bool reading = false;
        bool writing = false;
        bool readsDone = false;
        bool cancelled = false;
    };

    // Starts a read, a write, or the end of the call: whatever is due now.
    static void advance(const std::shared_ptr<State>& state);
    static void answer(const std::shared_ptr<State>& state, std::uint64_t number, grpc::ByteBuffer bytes);
    void take();
    void cancelAll();

    void OnReadDone(bool ok) override;
    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    std::unique_ptr<StreamMessages> m_messages;
    std::shared_ptr<State> m_state;
    grpc::ByteBuffer m_in;
    grpc::ByteBuffer m_out;
};

} // namespace mm::grpc_face
