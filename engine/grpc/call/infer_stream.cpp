#include "engine/grpc/call/infer_stream.h"

#include <algorithm>
#include <utility>

namespace mm::grpc_face {

InferStream::InferStream(grpc::CallbackServerContext* context, std::unique_ptr<StreamMessages> messages,
                         std::shared_ptr<HeldBytes> held)
    : m_context(*context), m_messages(std::move(messages)), m_state(std::make_shared<State>(std::move(held))) {
    m_state->stream = this;
    advance(m_state);
}

bool InferStream::State::hasRoom() const {
    if (slots.empty())
        return true; // one at a time always goes on
    return slots.size() < kWindowRequests && heldBytes + unanswered * largestAnswer < kWindowBytes &&
           (!held || held->hasRoom());
}

void InferStream::advance(const std::shared_ptr<State>& state) {
    InferStream* stream = nullptr;
    bool read = false;
    bool write = false;
    bool finish = false;
    bool cancelled = false;
    {
        const std::lock_guard lock(state->mutex);
        stream = state->stream;
        if (stream == nullptr)
            return;
        cancelled = state->cancelled;
        if (!state->writing && !cancelled && !state->slots.empty() && state->slots.front().answer) {
            write = state->writing = true;
            stream->m_out.Swap(&*state->slots.front().answer);
            state->drop(state->slots.front().bytes);
            state->slots.pop_front();
            ++state->first;
        }
        if (!state->reading && !state->readsDone && !cancelled && state->hasRoom())
            read = state->reading = true;
        if (!state->reading && !state->writing && (cancelled || (state->readsDone && state->slots.empty()))) {
            finish = true;
            state->stream = nullptr;
        }
    }
    // gRPC may call back from within these, so they stand outside of the lock. A read or write that was decided on
    // keeps the call from being finished until its callback has run. Of the two, the second is touched only where it
    // was decided on.
    if (finish)
        stream->Finish(cancelled ? grpc::Status(grpc::StatusCode::CANCELLED, "The stream was cancelled.")
                                 : grpc::Status::OK);
    if (write)
        stream->StartWrite(&stream->m_out);
    if (read)
        stream->StartRead(&stream->m_in);
}

void InferStream::OnReadDone(bool ok) {
    const auto state = m_state;
    if (ok)
        take();
    bool cancelled = false;
    {
        const std::lock_guard lock(state->mutex);
        state->reading = false;
        state->readsDone = state->readsDone || !ok;
        cancelled = state->cancelled && ok;
    }
    if (cancelled)
        cancelAll(); // it came between the two locks and has not seen this request
    advance(state);
}

// `reading` is still set, so the call cannot end before this has returned and it was advanced.
void InferStream::take() {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(m_state->mutex);
        number = m_state->first + m_state->slots.size();
        m_state->slots.push_back({m_in.Length()});
        m_state->hold(m_in.Length());
        ++m_state->unanswered;
    }
    std::function<void()> cancel =
        m_messages->start(m_in, m_context, [state = m_state, number](grpc::ByteBuffer bytes) {
            answer(state, number, std::move(bytes));
            advance(state);
        });
    m_in.Clear();
    const std::lock_guard lock(m_state->mutex);
    if (number >= m_state->first)
        m_state->slots[number - m_state->first].cancel = std::move(cancel);
}

void InferStream::answer(const std::shared_ptr<State>& state, std::uint64_t number, grpc::ByteBuffer bytes) {
    const std::lock_guard lock(state->mutex);
    if (state->stream == nullptr)
        return;
    Slot& slot = state->slots[number - state->first];
    state->drop(slot.bytes);
    slot.bytes = bytes.Length();
    state->hold(slot.bytes);
    state->largestAnswer = std::max(state->largestAnswer, slot.bytes);
    --state->unanswered;
    slot.answer = std::move(bytes);
    slot.cancel = nullptr;
}

void InferStream::cancelAll() {
    std::vector<std::function<void()>> cancels;
    {
        const std::lock_guard lock(m_state->mutex);
        for (const Slot& slot : m_state->slots)
            if (!slot.answer && slot.cancel)
                cancels.push_back(slot.cancel);
    }
    for (const auto& cancel : cancels)
        cancel();
}

void InferStream::OnWriteDone(bool ok) {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->cancelled = state->cancelled || !ok;
        if (ok)
            state->writing = false;
    }
    if (!ok) { // `writing` is still set, so the call is still there
        cancelAll();
        const std::lock_guard lock(state->mutex);
        state->writing = false;
    }
    advance(state);
}

void InferStream::OnCancel() {
    const auto state = m_state;
    {
        const std::lock_guard lock(state->mutex);
        state->cancelled = true;
    }
    cancelAll();
    advance(state);
}

} // namespace mm::grpc_face
