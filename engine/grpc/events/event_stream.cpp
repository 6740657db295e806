#include "engine/grpc/events/event_stream.h"

#include "engine/grpc/call/wire.h"
#include "engine/grpc/status_mapping.h"

#include <utility>

namespace mm::grpc_face {
namespace {

constexpr std::size_t kAtOnce = 64;

} // namespace

EventStream::EventStream(grpc::CallbackServerContext* context, std::shared_ptr<ReplyThreads> threads)
    : m_context(*context), m_threads(std::move(threads)), m_state(std::make_shared<State>()) {
    m_state->stream = this;
    StartSendInitialMetadata(); // so that the client knows that it is heard, however long nothing happens
}

Reply<service::EventService::Watch> EventStream::reply() const {
    return [state = m_state, threads = m_threads](Result<service::EventService::Watch> watch) {
        {
            const std::lock_guard lock(state->mutex);
            if (state->stream == nullptr)
                return; // the client has gone; so does the watch
            if (watch.ok()) {
                state->watch = std::move(watch).value();
            } else {
                state->over = true;
                state->error = std::move(watch).error();
            }
        }
        threads->post([state] { advance(state); });
    };
}

void EventStream::fail(Error error) {
    const auto state = m_state; // advance() may be the last that this call sees
    {
        const std::lock_guard lock(state->mutex);
        state->over = true;
        state->error = std::move(error);
    }
    advance(state);
}

// The watch holds what is called, and must not be held by it.
void EventStream::listen(const StatePtr& state, const std::shared_ptr<ReplyThreads>& threads) {
    state->watch->whenReady([weak = std::weak_ptr(state), threads] {
        threads->post([weak] {
            if (const StatePtr alive = weak.lock())
                advance(alive);
        });
    });
}

void EventStream::advance(const StatePtr& state) {
    EventStream* stream = nullptr;
    events::EventPtr event;
    std::optional<grpc::Status> status;
    service::EventService::Watch ended;
    {
        const std::lock_guard lock(state->mutex);
        if (state->stream == nullptr || state->writing)
            return;
        stream = state->stream;
        if (state->taken.empty() && state->watch && !state->over && !state->cancelled) {
            events::EventWatch::Taken taken = state->watch->take(kAtOnce);
            state->taken.assign(taken.events.begin(), taken.events.end());
            state->over = taken.over;
            state->error = std::move(taken.error);
        }
        if (state->cancelled) {
            status = grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled.");
        } else if (!state->taken.empty()) {
            event = std::move(state->taken.front());
            state->taken.pop_front();
            state->writing = true;
        } else if (state->over) {
            status = state->error ? toStatus(*state->error, stream->m_context) : grpc::Status::OK;
        } else if (state->watch) {
            return listen(state, stream->m_threads);
        } else {
            return; // nobody has answered yet
        }
        if (status) {
            state->stream = nullptr;
            ended = std::exchange(state->watch, nullptr);
        }
    }
    // gRPC may call back from within these two, so they stand outside of the lock. With a write under way nobody
    // finishes, and once `stream` is null nobody writes.
    if (event)
        stream->write(*event);
    else
        stream->Finish(*status);
}

void EventStream::write(const modelmora::v1::Event& event) {
    if (auto bytes = encode(event); bytes.ok())
        m_out.Swap(&*bytes);
    else
        m_out.Clear(); // no event is that large
    StartWrite(&m_out);
}

void EventStream::OnWriteDone(bool ok) {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->writing = false;
        state->cancelled = state->cancelled || !ok;
    }
    advance(state);
}

void EventStream::OnCancel() {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->cancelled = true;
    }
    advance(state);
}

} // namespace mm::grpc_face
