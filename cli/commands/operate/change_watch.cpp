#include "cli/commands/operate/change_watch.h"

#include <utility>

namespace mm::cli {
namespace {

constexpr std::chrono::milliseconds kLeastPause{250};

} // namespace

ChangeWatch::ChangeWatch(EngineClient& engine, std::vector<std::string> types) : m_engine(engine) {
    v1::WatchEventsRequest request;
    for (std::string& type : types)
        request.add_types(std::move(type));
    m_thread = std::thread([this, request = std::move(request)] { read(request); });
}

ChangeWatch::~ChangeWatch() {
    EngineClient::Cancel cancel;
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        cancel = m_cancel;
    }
    if (cancel)
        cancel();
    m_thread.join();
}

void ChangeWatch::read(const v1::WatchEventsRequest& request) {
    const auto change = [this] {
        const std::lock_guard lock(m_mutex);
        m_hasChanged = true;
        m_told.notify_all();
        return !m_isOver;
    };
    Result<void> end = m_engine.watchEvents(
        request, [&change](const v1::Event&) { return change(); },
        [&](EngineClient::Cancel cancel) {
            {
                const std::lock_guard lock(m_mutex);
                m_cancel = cancel;
            }
            if (!change())
                cancel();
        });
    const std::lock_guard lock(m_mutex);
    m_end = std::move(end);
    m_told.notify_all();
}

Result<void> ChangeWatch::wait() {
    std::unique_lock lock(m_mutex);
    m_told.wait_until(lock, m_next, [this] { return m_end.has_value(); });
    m_told.wait(lock, [this] { return m_hasChanged || m_end; });
    if (m_end && !m_end->ok())
        return *m_end;
    if (m_end)
        return Error{ErrorCode::ServiceUnavailable, "The engine at " + m_engine.engine() + " tells no more events."};
    m_hasChanged = false;
    m_next = std::chrono::steady_clock::now() + kLeastPause;
    return {};
}

} // namespace mm::cli
