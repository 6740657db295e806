// The REST face: one thread with its connections, a small pool for large JSON, and the routes. Owned by
// the composition root; `services` outlive it. start() and stop() are called from outside the REST thread, by one
// thread. start() fails with AddressInUse, or InvalidConfiguration for an address that cannot be listened on.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/guard/guard_limits.h"
#include "engine/rest/semantics/http_contract.h"
#include "engine/service/services.h"
#include "engine/tls/tls_files.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mm::rest {

struct RestOptions {
    std::string listen = "127.0.0.1:8000"; // "host:port"; port 0 takes a free one
    TlsFiles tls;                          // none: in the clear
    guard::GuardLimits limits;
    semantics::ContractOptions contract;
    std::chrono::milliseconds drainTime{10000}; // how long stop() waits for answers that are still being made
    int poolThreads = 2;                        // parse and write large JSON
};

class RestServer {
public:
    RestServer(service::Services services, RestOptions options);
    ~RestServer(); // stop()
    RestServer(const RestServer&) = delete;
    RestServer& operator=(const RestServer&) = delete;

    // The port that is listened on. Returns when connections are accepted.
    Result<std::uint16_t> start();

    // Accepts nothing more, ends idle connections and calls `drained` (on the REST thread) when the last answer is out
    // or drainTime is over. For an engine that answers on the thread that wants to stop.
    void beginStop(std::chrono::milliseconds drainTime, std::function<void()> drained);
    // The same within the time of the options, and waits for it; then requests without an answer are cancelled and get
    // 503, and the thread ends.
    void stop();

private:
    struct Running;

    service::Services m_services;
    RestOptions m_options;
    std::unique_ptr<Running> m_running;
};

} // namespace mm::rest
