#include "engine/grpc/call/infer_stream.h"

#include "engine/base/ids.h"
#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/deadline.h"
#include "engine/ipc/facts.h"

#include <utility>

namespace mm::grpc_face {
namespace {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

grpc::ByteBuffer encodedError(const v1::InferenceRequest& request, const std::string& requestId, const Error& error) {
    v1::InferenceResponse response;
    response.set_model_id(request.model_id());
    response.mutable_metadata()->set_request_id(requestId);
    *response.mutable_error() = ipc::toProto(error);
    auto bytes = encode(response);
    return bytes.ok() ? *bytes : grpc::ByteBuffer(); // buffers are shared, not copied
}

grpc::ByteBuffer encodedAnswer(const v1::InferenceRequest& request, const std::string& requestId,
                               const Result<Response>& result) {
    if (!result.ok())
        return encodedError(request, requestId, result.error());
    auto bytes = encode(**result);
    return bytes.ok() ? *bytes : encodedError(request, requestId, bytes.error());
}

} // namespace

InferStream::InferStream(grpc::CallbackServerContext* context, Face face)
    : m_context(*context), m_face(std::move(face)), m_client(callerOf(*context)), m_state(std::make_shared<State>()) {
    m_state->stream = this;
    advance(m_state);
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
        if (!state->reading && !state->readsDone && !cancelled && state->slots.size() < kWindowRequests &&
            state->heldBytes < kWindowBytes)
            read = state->reading = true;
        if (!state->writing && !cancelled && !state->slots.empty() && state->slots.front().answer) {
            write = state->writing = true;
            stream->m_out.Swap(&*state->slots.front().answer);
            state->heldBytes -= state->slots.front().requestBytes;
            state->slots.pop_front();
            ++state->first;
        }
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
    if (!ok) {
        {
            const std::lock_guard lock(state->mutex);
            state->reading = false;
            state->readsDone = true;
        }
        advance(state);
        return;
    }
    auto request = std::make_shared<v1::InferenceRequest>();
    const std::size_t bytes = m_in.Length();
    const Result<void> read = decode(m_in, *request);
    m_in.Clear();
    service::CallContext call;
    call.requestId = request->request_id().empty() ? newUuid() : request->request_id();
    applyDeadline(m_context, *request);
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(state->mutex);
        number = state->first + state->slots.size();
        state->slots.push_back({call.requestId, bytes, std::nullopt});
        state->heldBytes += bytes;
    }
    // `reading` is still set, so the call cannot end before this function has advanced it.
    if (!read.ok()) {
        answer(state, number, encodedError(*request, call.requestId, read.error()));
    } else if (!m_client.ok()) {
        answer(state, number, encodedError(*request, call.requestId, m_client.error()));
    } else {
        call.client = *m_client;
        submit(number, request, std::move(call));
    }
    bool cancelled = false;
    {
        const std::lock_guard lock(state->mutex);
        state->reading = false;
        cancelled = state->cancelled;
    }
    if (cancelled)
        cancelAll(); // it came between the two locks and has not seen this request
    advance(state);
}

void InferStream::submit(std::uint64_t number, std::shared_ptr<const v1::InferenceRequest> request,
                         service::CallContext call) {
    auto reply = [state = m_state, threads = m_face.threads, number, request,
                  id = call.requestId](Result<Response> result) {
        threads->post([state, number, request, id, result = std::move(result)] {
            answer(state, number, encodedAnswer(*request, id, result));
            advance(state);
        });
    };
    m_face.services.inference.infer(std::move(request), std::move(call), std::move(reply));
}

void InferStream::answer(const std::shared_ptr<State>& state, std::uint64_t number, grpc::ByteBuffer bytes) {
    const std::lock_guard lock(state->mutex);
    if (state->stream != nullptr)
        state->slots[number - state->first].answer = std::move(bytes);
}

void InferStream::cancelAll() {
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(m_state->mutex);
        for (const Slot& slot : m_state->slots)
            if (!slot.answer)
                ids.push_back(slot.requestId);
    }
    for (std::string& id : ids)
        m_face.services.inference.cancel(std::move(id));
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
