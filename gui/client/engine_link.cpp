#include "gui/client/engine_link.h"

#include "gui/client/call_fault.h"

#include <chrono>

namespace mm::gui {
namespace {

constexpr int kProbePatience = 3; // seconds
constexpr std::chrono::milliseconds kProbeEvery(2000);
constexpr std::chrono::milliseconds kRetryEvery(500);

Error noEngine() {
    return {ErrorCode::ServiceUnavailable, "No engine is open."};
}

} // namespace

EngineLink::EngineLink(QObject* parent) : QObject(parent), m_fault(noEngine()) {
    m_probe.setSingleShot(true);
    connect(&m_probe, &QTimer::timeout, this, &EngineLink::probe);
}

EngineLink::~EngineLink() {
    m_calls.letGoOfAll();
    m_calls.waitUntilNoneIsLeft();
}

void EngineLink::open(EngineTarget target, const std::shared_ptr<grpc::Channel>& channel) {
    m_calls.letGoOfAll();
    m_target = std::move(target);
    m_channel = channel;
    m_stubs.connect(channel);
    m_state = State::Connecting;
    m_fault = {};
    Q_EMIT changed();
    probe();
}

void EngineLink::close(Error reason) {
    m_probe.stop();
    m_calls.letGoOfAll();
    m_channel.reset();
    setState(State::Closed, std::move(reason));
}

CallHandle EngineLink::begin(int seconds) {
    if (!m_channel)
        return std::make_shared<CallRegistry::Entry>();
    CallHandle entry = m_calls.begin();
    if (seconds > 0)
        entry->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
    entry->context.AddMetadata("x-modelmora-client", "console");
    if (!m_target.key.empty())
        entry->context.AddMetadata("authorization", "Bearer " + m_target.key);
    return entry;
}

void EngineLink::toGui(std::function<void()> task) {
    QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection);
}

Error EngineLink::note(const grpc::Status& status, const grpc::ClientContext& context) {
    Error fault = faultOf(status, context, m_target.address);
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE && m_state == State::Connected)
        m_probe.start(0); // an engine that is stopping says the same, so it is asked
    return fault;
}

void EngineLink::setState(State state, Error fault) {
    const bool isNews = state != m_state || fault.message != m_fault.message;
    m_state = state;
    m_fault = std::move(fault);
    if (isNews)
        Q_EMIT changed();
}

void EngineLink::probe() {
    call(
        &ManagementCalls::LivenessCheck, v1::LivenessRequest(), this,
        [this](const Result<v1::LivenessResponse>& alive) {
            // An engine that refuses is an engine that answers.
            const bool isThere = alive.ok() || (alive.error().code != ErrorCode::ServiceUnavailable &&
                                                alive.error().code != ErrorCode::InferenceTimeout);
            setState(isThere ? State::Connected : State::Lost, isThere ? Error() : alive.error());
            m_probe.start(isThere ? kProbeEvery : kRetryEvery);
        },
        kProbePatience);
}

} // namespace mm::gui
