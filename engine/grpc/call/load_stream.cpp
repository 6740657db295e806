#include "engine/grpc/call/load_stream.h"

#include "engine/grpc/call/wire.h"
#include "engine/grpc/status_mapping.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

LoadStream::LoadStream(grpc::CallbackServerContext* context, std::shared_ptr<ReplyThreads> threads)
    : m_context(*context), m_threads(std::move(threads)), m_state(std::make_shared<State>()) {
    m_state->stream = this;
}

std::function<void(const v1::LoadStage&)> LoadStream::progress() const {
    return [state = m_state, threads = m_threads](const v1::LoadStage& stage) {
        {
            const std::lock_guard lock(state->mutex);
            if (state->stream == nullptr || state->ended)
                return;
            if (state->waiting.empty() || state->waiting.back().progress().stage() != stage.stage())
                state->waiting.emplace_back();
            *state->waiting.back().mutable_progress() = stage;
        }
        threads->post([state] { advance(state); });
    };
}

Reply<v1::ModelStatus> LoadStream::reply() const {
    return [state = m_state, threads = m_threads](Result<v1::ModelStatus> result) {
        end(state, std::move(result));
        threads->post([state] { advance(state); });
    };
}

void LoadStream::fail(Error error) {
    const auto state = m_state; // advance() may be the last that this call sees
    end(state, std::move(error));
    advance(state);
}

void LoadStream::end(const std::shared_ptr<State>& state, Result<v1::ModelStatus> result) {
    const std::lock_guard lock(state->mutex);
    if (state->ended)
        return;
    state->ended = true;
    if (result.ok())
        *state->waiting.emplace_back().mutable_status() = std::move(*result);
    else
        state->error = std::move(result).error();
}

void LoadStream::advance(const std::shared_ptr<State>& state) {
    LoadStream* stream = nullptr;
    std::optional<v1::LoadEvent> event;
    grpc::Status status = grpc::Status::OK;
    {
        const std::lock_guard lock(state->mutex);
        if (state->stream == nullptr || state->writing)
            return;
        stream = state->stream;
        if (state->cancelled) {
            state->stream = nullptr;
            status = {grpc::StatusCode::CANCELLED, "The call was cancelled; the load goes on."};
        } else if (!state->waiting.empty()) {
            event = std::move(state->waiting.front());
            state->waiting.pop_front();
            state->writing = true;
        } else if (state->ended) {
            state->stream = nullptr;
            if (state->error)
                status = toStatus(*state->error, stream->m_context);
        } else {
            return;
        }
    }
    // gRPC may call back from within these two, so they stand outside of the lock. With a write under way nobody
    // finishes, and once `stream` is null nobody writes.
    if (event)
        stream->write(*event);
    else
        stream->Finish(status);
}

void LoadStream::write(const v1::LoadEvent& event) {
    if (auto bytes = encode(event); bytes.ok())
        m_out.Swap(&*bytes);
    else
        m_out.Clear(); // an event without content; the status that ends the call is what counts
    StartWrite(&m_out);
}

void LoadStream::OnWriteDone(bool ok) {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->writing = false;
        state->cancelled = state->cancelled || !ok;
    }
    advance(state);
}

void LoadStream::OnCancel() {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->cancelled = true;
    }
    advance(state);
}

} // namespace mm::grpc_face
