#include "engine/lifecycle/link/worker_client.h"

#include "engine/ipc/facts.h"
#include "engine/lifecycle/link/plausible.h"
#include "engine/lifecycle/link/run_frame.h"

#include <algorithm>

namespace mm::lifecycle {
namespace {

std::string frameName(wv1::WorkerFrame::FrameCase kind) {
    switch (kind) {
    case wv1::WorkerFrame::kHello:
        return "Hello";
    case wv1::WorkerFrame::kLoadProgress:
        return "LoadProgress";
    case wv1::WorkerFrame::kLoaded:
        return "Loaded";
    case wv1::WorkerFrame::kLoadFailed:
        return "LoadFailed";
    case wv1::WorkerFrame::kOutput:
        return "Output";
    case wv1::WorkerFrame::kPong:
        return "Pong";
    case wv1::WorkerFrame::FRAME_NOT_SET:
        break;
    }
    return "empty frame";
}

} // namespace

WorkerClient::WorkerClient(int socket, std::size_t maxUnsentBytes, Listener& listener)
    : m_listener(listener), m_maxUnsentBytes(maxUnsentBytes), m_channel(socket, *this) {}

Result<void> WorkerClient::send(const wv1::EngineFrame& frame) {
    return m_channel.write([&frame](std::string& out) { return ipc::appendFrame(frame, out); });
}

Result<void> WorkerClient::load(const wv1::Load& load) {
    wv1::EngineFrame frame;
    *frame.mutable_load() = load;
    MM_CHECK(send(frame));
    m_phase = Phase::Loading;
    return {};
}

Result<std::uint64_t> WorkerClient::run(const v1::InferenceRequest& request, OutputHandler handler) {
    if (m_phase != Phase::Ready)
        return Error{ErrorCode::ModelNotLoaded, "the worker of this model is ending; send the request again"};
    if (m_channel.unsent() > 0 && m_channel.unsent() + request.ByteSizeLong() > m_maxUnsentBytes)
        return Error{ErrorCode::QueueFull,
                     "the worker of this model is behind: " + std::to_string(m_channel.unsent()) +
                         " bytes wait to be read by it; try again in a moment",
                     {{"unsent_bytes", static_cast<std::int64_t>(m_channel.unsent())},
                      {"limit_bytes", static_cast<std::int64_t>(m_maxUnsentBytes)},
                      {"retry_after_seconds", std::int64_t(1)}}};
    const std::uint64_t id = m_nextId;
    MM_CHECK(m_channel.write([&](std::string& out) { return appendRunFrame(id, request, out); }));
    ++m_nextId;
    m_pending.emplace(id, Pending{std::move(handler), std::nullopt});
    return id;
}

void WorkerClient::cancel(std::uint64_t id, Instant now) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end() || found->second.cancelled || m_phase != Phase::Ready)
        return;
    found->second.cancelled = now;
    wv1::EngineFrame frame;
    frame.mutable_cancel()->set_id(id);
    (void)send(frame); // cannot be too long, the only way to fail
}

void WorkerClient::ping() {
    if (m_phase != Phase::Ready)
        return;
    m_awaitedNonce = ++m_lastNonce;
    wv1::EngineFrame frame;
    frame.mutable_ping()->set_nonce(m_lastNonce);
    (void)send(frame);
}

void WorkerClient::shutDown() {
    if (m_phase == Phase::CutOff || m_phase == Phase::Ending)
        return;
    m_phase = Phase::Ending;
    wv1::EngineFrame frame;
    frame.mutable_shutdown();
    (void)send(frame);
}

void WorkerClient::rejectAll(const Error& error) {
    const auto pending = std::exchange(m_pending, {});
    for (const auto& [id, entry] : pending)
        entry.handler(error);
}

std::optional<Instant> WorkerClient::oldestCancel() const {
    std::optional<Instant> oldest;
    for (const auto& [id, entry] : m_pending)
        if (entry.cancelled)
            oldest = oldest ? std::min(*oldest, *entry.cancelled) : *entry.cancelled;
    return oldest;
}

void WorkerClient::onFrame(std::string_view payload) {
    if (isDeaf())
        return;
    wv1::WorkerFrame frame;
    if (!frame.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
        return cutOff("a frame of " + std::to_string(payload.size()) + " bytes that cannot be parsed");
    take(frame);
}

void WorkerClient::onBrokenStream(const Error& error) {
    if (!isDeaf())
        cutOff(error.message);
}

bool WorkerClient::isDeaf() const {
    return m_phase == Phase::Refused || m_phase == Phase::Ending || m_phase == Phase::CutOff;
}

void WorkerClient::take(wv1::WorkerFrame& frame) {
    const auto kind = frame.frame_case();
    if (m_phase == Phase::AwaitingHello && kind == wv1::WorkerFrame::kHello)
        return takeHello(frame.hello());
    if (m_phase == Phase::Loading && kind == wv1::WorkerFrame::kLoadProgress)
        return m_listener.onLoadProgress(frame.load_progress());
    if (m_phase == Phase::Loading && kind == wv1::WorkerFrame::kLoaded) {
        if (const auto wrong = implausible(frame.loaded()))
            return cutOff("a Loaded with " + *wrong);
        m_phase = Phase::Ready;
        return m_listener.onLoaded(frame.loaded());
    }
    if (m_phase == Phase::Loading && kind == wv1::WorkerFrame::kLoadFailed) {
        m_phase = Phase::Refused;
        return m_listener.onLoadRefused(ipc::fromFailure(frame.load_failed()));
    }
    if (m_phase == Phase::Ready && kind == wv1::WorkerFrame::kOutput)
        return takeOutput(*frame.mutable_output());
    if (m_phase == Phase::Ready && kind == wv1::WorkerFrame::kPong)
        return takePong(frame.pong());
    cutOff("a " + frameName(kind) + " out of order");
}

void WorkerClient::takeHello(const wv1::Hello& hello) {
    if (hello.protocol() != ipc::kProtocolVersion)
        return cutOff("a Hello with protocol version " + std::to_string(hello.protocol()) + ", this engine speaks " +
                      std::to_string(ipc::kProtocolVersion) + "; install engine and worker of one release");
    m_phase = Phase::Greeted;
    m_listener.onHello(hello);
}

void WorkerClient::takeOutput(wv1::Output& output) {
    const auto found = m_pending.find(output.id());
    if (found == m_pending.end())
        return cutOff("an Output for id " + std::to_string(output.id()) + ", which was never asked or is answered");
    if (const auto wrong = implausible(output))
        return cutOff("an Output with " + *wrong);
    if (!output.last()) {
        // A copy: the handler may end this very run.
        const OutputHandler handler = found->second.handler;
        return handler(std::move(output));
    }
    const OutputHandler handler = std::move(found->second.handler);
    m_pending.erase(found);
    handler(std::move(output));
}

void WorkerClient::takePong(const wv1::Pong& pong) {
    if (!m_awaitedNonce || pong.nonce() != *m_awaitedNonce)
        return cutOff("a Pong that nobody asked for");
    if (const auto wrong = implausible(pong))
        return cutOff("a Pong with " + *wrong);
    m_awaitedNonce.reset();
    m_listener.onPong(pong);
}

void WorkerClient::cutOff(const std::string& what) {
    m_phase = Phase::CutOff;
    m_channel.close();
    m_listener.onMisbehaved(
        {ErrorCode::WorkerMisbehaved, "the worker broke the protocol with " + what, {{"broken_with", what}}});
}

} // namespace mm::lifecycle
