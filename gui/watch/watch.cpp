#include "gui/watch/watch.h"

#include "gui/client/engine_link.h"
#include "gui/client/engine_state.h"
#include "gui/shell/main_window.h"

#include <QEvent>
#include <QJsonArray>
#include <QJsonDocument>

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <utility>

using namespace Qt::StringLiterals;

namespace mm::gui {
namespace {

constexpr int kEvery = 5'000; // ms

double clockMs(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double residentMb() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

QJsonArray worstOf(const BusyLog::Report& report) {
    QJsonArray worst;
    for (const BusyStretch& each : report.worst)
        worst.append(QJsonObject{{"where"_L1, each.where}, {"cpu_ms"_L1, each.cpuMs}, {"wall_ms"_L1, each.wallMs}});
    return worst;
}

} // namespace

std::unique_ptr<Watch> Watch::asked(WatchedApplication& application, MainWindow& window, const Engine& engine,
                                    const QStringList& pages) {
    const QString file = qEnvironmentVariable("MODELMORA_CONSOLE_WATCH");
    if (file.isEmpty())
        return nullptr;
    std::unique_ptr<Watch> watch(new Watch(application, window, file));
    connect(&engine.link, &EngineLink::changed, watch.get(),
            [&link = engine.link, it = watch.get()] { it->noteFault(link); });
    connect(&engine.state, &EngineState::modelsChanged, watch.get(), [&state = engine.state, it = watch.get()] {
        if (state.models() && !std::exchange(it->m_isAnswered, true))
            it->mark(QStringLiteral("answered"));
    });
    if (const int seconds = qEnvironmentVariableIntValue("MODELMORA_CONSOLE_TOUR"); seconds > 0)
        watch->goRound(pages, seconds);
    return watch;
}

Watch::Watch(WatchedApplication& application, MainWindow& window, QString file)
    : m_application(application), m_window(window), m_file(std::move(file)) {
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        qWarning("MODELMORA_CONSOLE_WATCH: %s", qPrintable(m_file.errorString()));
    m_application.watch();
    m_window.installEventFilter(this);
    connect(&m_every, &QTimer::timeout, this, [this] { write(m_window.currentPage()); });
    m_every.start(kEvery);
}

Watch::~Watch() {
    write(m_window.currentPage());
}

// Usable: painted, and the next turn of the loop has come, which would take a key or a click.
bool Watch::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Paint && !std::exchange(m_isPainted, true))
        QTimer::singleShot(0, this, [this] { mark(QStringLiteral("usable")); });
    return QObject::eventFilter(watched, event);
}

void Watch::goRound(const QStringList& pages, int seconds) {
    connect(&m_next, &QTimer::timeout, this, [this, pages] {
        write(m_window.currentPage());
        m_every.start();
        m_page = (m_page + 1) % pages.size();
        m_window.open(pages.at(m_page));
    });
    m_next.start(seconds * 1000);
}

void Watch::noteFault(const EngineLink& link) {
    const bool isThere = link.state() == EngineLink::State::Connecting || link.state() == EngineLink::State::Connected;
    const std::string fault = isThere ? std::string() : link.fault().message;
    if (std::exchange(m_fault, fault) != fault && !fault.empty())
        write(QJsonObject{{"mark"_L1, "fault"_L1}, {"why"_L1, QString::fromStdString(fault)}});
}

void Watch::mark(const QString& what) {
    write(QJsonObject{{"mark"_L1, what},
                      {"at_ms"_L1, clockMs(CLOCK_MONOTONIC)},
                      {"process_cpu_ms"_L1, clockMs(CLOCK_PROCESS_CPUTIME_ID)},
                      {"resident_mb"_L1, residentMb()}});
}

void Watch::write(const QString& page) {
    const BusyLog::Report report = m_application.log().take();
    write(QJsonObject{{"page"_L1, page},
                      {"at_ms"_L1, clockMs(CLOCK_MONOTONIC)},
                      {"process_cpu_ms"_L1, clockMs(CLOCK_PROCESS_CPUTIME_ID)},
                      {"gui_cpu_ms"_L1, threadCpuMs()},
                      {"resident_mb"_L1, residentMb()},
                      {"events"_L1, report.events},
                      {"longest_wall_ms"_L1, report.longestWallMs},
                      {"longest_cpu_ms"_L1, report.longestCpuMs},
                      {"too_long_wall"_L1, report.tooLongWall},
                      {"too_long_cpu"_L1, report.tooLongCpu},
                      {"worst"_L1, worstOf(report)}});
}

void Watch::write(const QJsonObject& line) {
    m_file.write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
}

} // namespace mm::gui
