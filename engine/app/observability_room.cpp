#include "engine/app/observability_room.h"

#include "engine/base/log.h"
#include "engine/base/system_memory.h"
#include "engine/service/trace/trace_context.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace mm::app {
namespace {

using namespace observability;

constexpr std::chrono::milliseconds kKeepEvery{1'000};
constexpr auto kSpan = kResolutions.front().span;

ExporterOptions exporterOptions(const Settings& settings) {
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    ExporterOptions options;
    options.endpoint = settings.otlpEndpoint;
    options.resource = {MM_VERSION, host.data(), ::getpid(), std::string(host.data()) + ":" + settings.restAddress};
    return options;
}

} // namespace

Result<std::unique_ptr<ObservabilityRoom>> ObservabilityRoom::open(const Settings& settings, const Clock& clock,
                                                                   Executor& engineThread) {
    MM_TRY(auto history, HistoryThread::start(QStringLiteral("history"), [&] {
               return HistoryStore::open(settings.dataDir / registry::kDatabaseName, clock.wallNow());
           }));
    return std::unique_ptr<ObservabilityRoom>(new ObservabilityRoom(settings, clock, engineThread, std::move(history)));
}

ObservabilityRoom::ObservabilityRoom(const Settings& settings, const Clock& clock, Executor& engineThread,
                                     std::unique_ptr<HistoryThread> history)
    : m_settings(settings)
    , m_clock(clock)
    , m_engineThread(engineThread)
    , m_history(std::move(history))
    , m_keeper(std::chrono::milliseconds(settings.slowRequestMs),
               [this](std::vector<v1::QueueEntry> entries) { keepRequests(std::move(entries)); })
    , m_exporter(settings.otlpEndpoint.empty() ? nullptr : std::make_unique<SpanExporter>(exporterOptions(settings)))
    , m_resources(settings.dataDir)
    , m_requestMetrics({m_book, m_recorder})
    , m_requestLog(m_keeper)
    , m_lifecycleMetrics(m_book, clock)
    , m_jobMetrics(m_book)
    , m_spanBegan(clock.now()) {
    if (m_exporter) {
        m_requestTraces.emplace(*m_exporter);
        service::startTraces(settings.traceSampling);
    }
    m_spanTimer.setSingleShot(true);
    m_spanTimer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_spanTimer, &QTimer::timeout, &m_spanTimer, [this] {
        takeSpan(m_clock.wallNow() - kSpan / 2); // of the span that has just ended
        awaitNextSpan();
    });
    QObject::connect(&m_keepTimer, &QTimer::timeout, &m_keepTimer, [this] { m_keeper.flush(); });
}

ObservabilityRoom::~ObservabilityRoom() {
    m_keeper.flush();
}

void ObservabilityRoom::listen(LifecycleListeners& lifecycle, InferenceListeners& inference) {
    lifecycle.add(m_lifecycleMetrics);
    if (m_settings.metrics)
        inference.add(m_requestMetrics);
    if (m_requestTraces)
        inference.add(*m_requestTraces);
    inference.add(m_requestLog);
}

inference::JobListener& ObservabilityRoom::jobs(inference::JobListener& other) {
    m_jobs.add(other);
    m_jobs.add(m_jobMetrics);
    return m_jobs;
}

void ObservabilityRoom::connect(const Contexts& contexts, std::function<v1::Diagnosis()> about) {
    m_figures = std::make_unique<EngineFiguresAdapter>(EngineFiguresAdapter::Parts{
        contexts.catalogue, contexts.lifecycle, contexts.dispatcher, contexts.machine, m_resources, m_clock});
    m_service = std::make_unique<service::LocalObservabilityService>(service::LocalObservabilityService::Parts{
        m_engineThread, contexts.dispatcher, *m_history, m_book, *m_figures, m_clock, [this] { return spanCounts(); },
        [this] { return m_failures + m_keeper.leftOut(); }, std::move(about)});
    m_keepTimer.start(kKeepEvery);
    if (m_settings.metrics)
        awaitNextSpan();
}

void ObservabilityRoom::setOptions(const Settings& settings) {
    m_keeper.setSlow(std::chrono::milliseconds(settings.slowRequestMs));
    if (m_exporter)
        service::startTraces(settings.traceSampling);
}

void ObservabilityRoom::stop() {
    if (!m_keepTimer.isActive())
        return;
    m_keepTimer.stop();
    m_spanTimer.stop();
    if (m_settings.metrics)
        takeSpan(m_clock.wallNow());
}

// Spans end where the clock on the wall says so, whenever the engine was started.
void ObservabilityRoom::awaitNextSpan() {
    const WallTime now = m_clock.wallNow();
    const auto left = beginOf(now, kSpan) + kSpan - now;
    m_spanTimer.start(std::chrono::ceil<std::chrono::milliseconds>(left));
}

void ObservabilityRoom::takeSpan(WallTime at) {
    const Instant now = m_clock.now();
    const EngineFigures figures = m_figures->read();
    m_book.keepOnly(figures.registered);
    hv1::Span span = m_recorder.take(figures, readProcessMemory().residentBytes);
    span.set_seconds(std::chrono::duration<double>(now - std::exchange(m_spanBegan, now)).count());
    m_history->call<void>([at, span = std::move(span)](HistoryStore& store) { return store.addSpan(at, span); },
                          m_engineThread,
                          [this, alive = std::weak_ptr(m_alive)](Result<void> written) {
                              if (!alive.expired())
                                  noteFailure(written, "history not kept");
                          });
}

void ObservabilityRoom::keepRequests(std::vector<v1::QueueEntry> entries) {
    m_history->call<void>([entries = std::move(entries)](HistoryStore& store) { return store.keepRequests(entries); },
                          m_engineThread,
                          [this, alive = std::weak_ptr(m_alive)](Result<void> written) {
                              if (!alive.expired())
                                  noteFailure(written, "requests that ended not kept");
                          });
}

// A full disk would otherwise fill the log as well.
template <typename T>
void ObservabilityRoom::noteFailure(const Result<T>& written, const char* what) {
    if (written.ok()) {
        m_failing = false;
        return;
    }
    ++m_failures;
    if (!std::exchange(m_failing, true))
        log::write(log::Level::Warning, what, written.error());
}

SpanCounts ObservabilityRoom::spanCounts() const {
    return m_exporter ? m_exporter->counts() : SpanCounts{};
}

} // namespace mm::app
