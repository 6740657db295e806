// ChangeWatch: tells when something has happened in the engine, for commands that show its state again and again. Reads
// the events on a thread of its own as fast as they come, and tells of however many at once. One thread but that.
#pragma once

#include "cli/client/engine_client.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mm::cli {

class ChangeWatch {
public:
    // Of these topics or types of events. The engine outlives it.
    ChangeWatch(EngineClient& engine, std::vector<std::string> types);
    ~ChangeWatch();
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;

    // Returns when something has changed since it did so before, but not too soon; the first time when the watch
    // stands. Fails with what has ended the watch.
    Result<void> wait();

private:
    void read(const v1::WatchEventsRequest& request);

    EngineClient& m_engine;
    std::mutex m_mutex; // guards what follows
    std::condition_variable m_told;
    bool m_hasChanged = false;
    bool m_isOver = false; // nobody waits any more
    std::optional<Result<void>> m_end;
    EngineClient::Cancel m_cancel;
    std::chrono::steady_clock::time_point m_next; // when it may tell again
    std::thread m_thread;
};

} // namespace mm::cli
