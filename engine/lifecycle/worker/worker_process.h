// WorkerProcess: one worker as a process of the system. Starts it with one end of a socket pair, an allow-listed
// environment, no controlling terminal and no other descriptor of the engine's; captures what it prints; ends it step
// by step by timers. It dies with the engine: PR_SET_PDEATHSIG follows the spawning thread, so make it on the engine
// thread, which lives longest. Destroying it while it runs kills it and waits for its end.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/worker/output_tail.h"

#include <QProcess>
#include <QTimer>

#include <chrono>
#include <string>
#include <vector>

namespace mm::lifecycle {

class WorkerProcess {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        // Either this, as the last call …
        virtual void onSpawnFailed(const Error& error) = 0;
        // … or this, after which nothing of its output is outstanding. `code` is the signal's number if bySignal.
        virtual void onExited(bool bySignal, int code) = 0;
    };

    // `name` stands in log lines.
    WorkerProcess(std::string name, Listener& listener);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    struct Start {
        std::string program;
        std::vector<std::string> arguments; // "--socket N" is added
        std::vector<int> inherited;         // descriptors that it keeps, under the same numbers
    };
    // The engine's end of the socket pair, non-blocking; the caller owns it.
    Result<int> start(const Start& start);

    // Gives it `grace` to exit by itself, then asks (SIGTERM), then kills.
    void end(std::chrono::milliseconds grace, std::chrono::milliseconds terminateGrace);
    void kill();

    // 0 before it started; stays the same after its end.
    [[nodiscard]] std::int64_t pid() const { return m_pid; }
    [[nodiscard]] std::vector<std::string> lastLines() const { return m_tail.lines(); }

private:
    void readOutput();
    void escalate();

    std::string m_name;
    Listener& m_listener;
    OutputTail m_tail;
    QTimer m_escalation;
    std::chrono::milliseconds m_terminateGrace{0};
    bool m_terminated = false;
    std::int64_t m_pid = 0;
    QProcess m_process; // last: its end still reports to the members above
};

} // namespace mm::lifecycle
