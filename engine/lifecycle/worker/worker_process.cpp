#include "engine/lifecycle/worker/worker_process.h"

#include "engine/base/log.h"
#include "engine/lifecycle/worker/worker_environment.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

namespace mm::lifecycle {
namespace {

struct SocketPair {
    int engine = -1;
    int worker = -1;
};

Result<SocketPair> makeSocketPair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        const std::string why = std::strerror(errno);
        return Error{ErrorCode::ProcessSpawnFailed,
                     "no socket pair for a worker: " + why + "; the engine may have too many open files",
                     {{"system_error", why}}};
    }
    // Non-blocking is a property of each end; the worker's reads are meant to block.
    ::fcntl(ends[1], F_SETFL, 0);
    return SocketPair{ends[0], ends[1]};
}

// Runs in the child between fork and exec: only async-signal-safe calls.
void prepareChild(const std::vector<int>& inherited, pid_t engine) {
    ::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
    for (const int descriptor : inherited)
        ::fcntl(descriptor, F_SETFD, 0);
    // Out of the terminal's process group: Ctrl+C is for the engine, which ends its workers in order.
    ::setsid();
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGCHLD})
        ::signal(number, SIG_DFL);
    // Where memory runs out, the system is to take a worker before the engine.
    if (const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); score >= 0) {
        (void)!::write(score, "500", 3);
        ::close(score);
    }
    // A core dump would hold the model and the users' texts, and delay the news of the crash.
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != engine)
        ::_exit(1);
}

QStringList toQt(const std::vector<std::string>& texts) {
    QStringList list;
    for (const std::string& text : texts)
        list.append(QString::fromStdString(text));
    return list;
}

} // namespace

WorkerProcess::WorkerProcess(std::string name, Listener& listener)
    : m_name(std::move(name)), m_listener(listener), m_tail([this](const std::string& line) {
        log::debug("worker says", {{"model", m_name}, {"pid", m_pid}, {"line", line}});
    }) {
    m_escalation.setSingleShot(true);
    QObject::connect(&m_escalation, &QTimer::timeout, &m_process, [this] { escalate(); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessEnvironment(workerEnvironment(QProcessEnvironment::systemEnvironment()));
    QObject::connect(&m_process, &QProcess::readyRead, &m_process, [this] { readOutput(); });
    QObject::connect(&m_process, &QProcess::finished, &m_process, [this](int code, QProcess::ExitStatus status) {
        m_escalation.stop();
        readOutput();
        m_tail.finish();
        m_listener.onExited(status == QProcess::CrashExit, code);
    });
}

WorkerProcess::~WorkerProcess() {
    m_process.disconnect();
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(5000);
    }
}

Result<int> WorkerProcess::start(const Start& start) {
    MM_TRY(const SocketPair sockets, makeSocketPair());
    std::vector<int> inherited = start.inherited;
    inherited.push_back(sockets.worker);
    m_process.setChildProcessModifier(
        [inherited = std::move(inherited), engine = ::getpid()] { prepareChild(inherited, engine); });
    // Queued, since it may come before start() returns.
    QObject::connect(
        &m_process, &QProcess::errorOccurred, &m_process,
        [this, program = start.program](QProcess::ProcessError kind) {
            if (kind != QProcess::FailedToStart)
                return;
            const std::string why = m_process.errorString().toStdString();
            m_listener.onSpawnFailed({ErrorCode::ProcessSpawnFailed,
                                      "the worker program " + program + " cannot be started: " + why,
                                      {{"program", program}, {"system_error", why}}});
        },
        Qt::QueuedConnection);
    QStringList all = toQt(start.arguments);
    all << QStringLiteral("--socket") << QString::number(sockets.worker);
    m_process.start(QString::fromStdString(start.program), all);
    m_pid = m_process.processId();
    ::close(sockets.worker);
    return sockets.engine;
}

void WorkerProcess::end(std::chrono::milliseconds grace, std::chrono::milliseconds terminateGrace) {
    if (m_escalation.isActive() || m_terminated)
        return;
    m_terminateGrace = terminateGrace;
    m_escalation.start(grace);
}

void WorkerProcess::escalate() {
    if (m_terminated) {
        log::warning("worker ignores SIGTERM, killing it", {{"model", m_name}, {"pid", m_pid}});
        return kill();
    }
    log::warning("worker does not end by itself, terminating it", {{"model", m_name}, {"pid", m_pid}});
    m_terminated = true;
    m_process.terminate();
    m_escalation.start(m_terminateGrace);
}

void WorkerProcess::kill() {
    m_escalation.stop();
    m_process.kill();
}

void WorkerProcess::readOutput() {
    const QByteArray bytes = m_process.readAll();
    m_tail.append({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace mm::lifecycle
