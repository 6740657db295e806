#include "worker/session/session.h"

#include "engine/base/log.h"
#include "engine/ipc/facts.h"
#include "worker/session/exit_codes.h"
#include "worker/session/guard.h"
#include "worker/session/load_options.h"
#include "worker/session/memory_limit.h"
#include "worker/session/memory_report.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace mm::worker {
namespace {

using modelmora::worker::v1::Load;
using modelmora::worker::v1::Run;
using modelmora::worker::v1::RunItem;
using modelmora::worker::v1::WorkerFrame;

// What may wait here; the engine keeps the longer queue, where requests have priorities and can be seen.
constexpr std::size_t kMaxActive = 20'000;
constexpr std::size_t kMaxActiveBytes = 1U << 30;
// More than this on its way out, and answers stay with the compute thread until the engine reads.
constexpr std::size_t kMaxUnsentBytes = 8U << 20;

} // namespace

Session::Session(int socket, const TaskRegistry& tasks, std::optional<ipc::DeviceTurns> turns)
    : m_link(socket), m_outbox(m_link), m_compute(tasks, m_outbox, std::move(turns)) {}

int Session::run() {
    const EssentialWork essential;
    WorkerFrame frame;
    frame.mutable_hello()->set_protocol(ipc::kProtocolVersion);
    frame.mutable_hello()->set_version(MM_VERSION);
    frame.mutable_hello()->set_pid(::getpid());
    send(frame);
    for (;;) {
        std::optional<int> code;
        // Without memory on this thread frames are lost, and whoever waits for them would wait for ever.
        if (const auto error = failureOf(ErrorCode::InternalError, [&] { code = turn(); })) {
            log::write(log::Level::Error, "worker ends: the engine's frames cannot be handled", *error);
            return kExitMemory;
        }
        if (code)
            return *code;
    }
}

std::optional<int> Session::turn() {
    if (Result<void> sent = m_link.flush(); !sent) {
        log::error("worker ends", {{"reason", sent.error().message}});
        return kExitSocket;
    }
    const bool clogged = m_link.unsent() > kMaxUnsentBytes;
    std::array<pollfd, 2> polled{{
        {m_link.fd(), static_cast<short>(POLLIN | (m_link.unsent() > 0 ? POLLOUT : 0)), 0},
        {clogged ? -1 : m_outbox.wakeFd(), POLLIN, 0},
    }};
    const int timeout = m_preparing.empty() ? -1 : 0;
    if (::poll(polled.data(), polled.size(), timeout) < 0 && errno != EINTR) {
        log::error("worker ends", {{"reason", "poll failed"}, {"errno", errno}});
        return kExitSocket;
    }
    if ((polled[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        if (const auto code = readFrames())
            return code;
    if ((polled[1].revents & POLLIN) != 0)
        sendWaiting();
    prepareSome();
    return std::nullopt;
}

std::optional<int> Session::readFrames() {
    const Result<bool> open = m_link.read();
    if (!open) {
        log::error("worker ends", {{"reason", open.error().message}});
        return kExitSocket;
    }
    settleAnswered(); // an answer may have left, and what the engine says to it have come
    for (;;) {
        auto frame = m_link.next();
        if (!frame)
            return breach(frame.error().message);
        if (!*frame)
            break;
        if (const auto code = handle(**frame))
            return code;
    }
    if (!*open)
        return kExitDone;
    return std::nullopt;
}

std::optional<int> Session::handle(Frame& frame) {
    switch (frame.frame_case()) {
    case Frame::kLoad:
        return startLoad(frame.load());
    case Frame::kRun:
        return startRun(*frame.mutable_run());
    case Frame::kCancel:
        cancel(frame.cancel().id());
        return std::nullopt;
    case Frame::kPing:
        answerPing(frame.ping().nonce());
        return std::nullopt;
    case Frame::kShutdown:
        // What is already computed still goes out, as far as the socket takes it.
        sendWaiting();
        (void)m_link.flush();
        return kExitDone;
    case Frame::FRAME_NOT_SET:
        break;
    }
    return breach("an empty frame");
}

std::optional<int> Session::startLoad(const Load& load) {
    if (m_phase != Phase::AwaitingLoad)
        return breach("a second Load");
    m_phase = Phase::Loading;
    LoadOptions options;
    if (const auto error = failureOf(ErrorCode::InvalidConfiguration, [&] { options = toLoadOptions(load); }))
        refuseLoad(*error);
    else
        m_compute.load(std::move(options));
    return std::nullopt;
}

void Session::refuseLoad(const Error& error) {
    m_phase = Phase::Refused;
    Error full = error;
    full.facts.try_emplace("stage", std::string("settings"));
    WorkerFrame frame;
    *frame.mutable_load_failed() = ipc::toFailure(full);
    send(frame);
}

std::optional<int> Session::startRun(Run& run) {
    if (m_phase != Phase::Ready)
        return breach("a Run before the model is loaded");
    for (RunItem& item : *run.mutable_items()) {
        if (m_active.contains(item.id()))
            return breach("a Run with the id " + std::to_string(item.id()) + ", which is not answered yet");
        startItem(item);
    }
    return std::nullopt;
}

void Session::startItem(RunItem& item) {
    const std::uint64_t id = item.id();
    m_active.emplace(id, 0);
    if (m_active.size() > kMaxActive || m_activeBytes > kMaxActiveBytes)
        return answerError(id, {ErrorCode::QueueFull,
                                "the worker already holds " + std::to_string(m_active.size() - 1) + " requests of " +
                                    std::to_string(m_activeBytes) + " bytes; send it again when some are answered"});
    std::unique_ptr<Preparation> preparation;
    auto error = failureOf(ErrorCode::InvalidInput, [&] {
        const WorkThatMayFail work;
        preparation = m_compute.model()->prepare(id, std::move(*item.mutable_request()));
    });
    if (error)
        return answerPreparation(id, *error);
    const std::size_t bytes = preparation->bytes();
    m_active[id] = bytes;
    m_activeBytes += bytes;
    m_preparing.push_back(std::move(preparation));
}

void Session::cancel(std::uint64_t id) {
    // An unknown id is no breach: the answer and the cancel have crossed.
    if (!m_active.contains(id))
        return;
    const auto preparing = std::find_if(m_preparing.begin(), m_preparing.end(),
                                        [id](const auto& preparation) { return preparation->id() == id; });
    if (preparing == m_preparing.end())
        return m_compute.cancel(id);
    m_preparing.erase(preparing);
    answerError(id, {ErrorCode::RequestCancelled, "the request was cancelled"});
}

void Session::answerPing(std::uint64_t nonce) {
    WorkerFrame frame;
    auto* pong = frame.mutable_pong();
    pong->set_nonce(nonce);
    *pong->mutable_memory() = memoryReport();
    pong->set_waiting(static_cast<std::int32_t>(m_preparing.size()));
    pong->set_running(static_cast<std::int32_t>(m_active.size() - m_preparing.size()));
    pong->set_step_us(m_compute.stepTime().count());
    send(frame);
}

void Session::prepareSome() {
    if (m_preparing.empty())
        return;
    // The first of the highest priority.
    const auto place = std::max_element(m_preparing.begin(), m_preparing.end(),
                                        [](const auto& a, const auto& b) { return a->priority() < b->priority(); });
    std::unique_ptr<Preparation> next = std::move(*place);
    m_preparing.erase(place);
    bool ready = false;
    auto error = failureOf(ErrorCode::InvalidInput, [&] {
        const WorkThatMayFail work;
        ready = next->advance();
    });
    if (error)
        answerPreparation(next->id(), *error);
    else if (ready)
        m_compute.admit(std::move(next));
    else
        m_preparing.push_back(std::move(next));
}

void Session::answerPreparation(std::uint64_t id, Error& error) {
    m_compute.memoryLimit().explain(error);
    answerError(id, error);
}

void Session::sendWaiting() {
    for (WorkerFrame& frame : m_outbox.take()) {
        if (frame.has_loaded())
            m_phase = Phase::Ready;
        if (frame.has_load_failed())
            m_phase = Phase::Refused;
        if (frame.has_output() && frame.output().last())
            settle(frame.output().id());
        send(frame);
    }
    m_outbox.passedOn();
}

void Session::settleAnswered() {
    for (const std::uint64_t id : m_outbox.takeAnswered())
        settle(id);
}

void Session::settle(std::uint64_t id) {
    if (const auto done = m_active.extract(id))
        m_activeBytes -= done.mapped();
}

void Session::answerError(std::uint64_t id, const Error& error) {
    settle(id);
    WorkerFrame frame;
    frame.mutable_output()->set_id(id);
    frame.mutable_output()->set_last(true);
    *frame.mutable_output()->mutable_error() = ipc::toFailure(error);
    send(frame);
}

void Session::send(const WorkerFrame& frame) {
    const Result<void> sent = m_link.send(frame);
    if (sent)
        return;
    if (frame.has_output() && frame.output().has_data())
        return answerError(frame.output().id(), sent.error());
    log::write(log::Level::Error, "a frame cannot be sent", sent.error());
}

int Session::breach(const std::string& what) const {
    log::error("worker ends: the engine broke the protocol", {{"with", what}});
    return kExitProtocol;
}

} // namespace mm::worker
