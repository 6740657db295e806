#include "engine/grpc/health/health_board.h"

#include "engine/service/audit/caller.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;

namespace {

constexpr std::size_t kAtOnce = 256;

Error stopping() {
    return {ErrorCode::ServiceUnavailable, "The engine is stopping. Try again once it is back."};
}

} // namespace

void HealthBoard::stopServing() {
    m_serving = false;
    Watch watch;
    {
        const std::lock_guard lock(m_mutex);
        watch.swap(m_watch);
    }
    endAll(stopping());
}

void HealthBoard::add(const std::string& model, const std::shared_ptr<Watcher>& watcher) {
    bool subscribes = false;
    {
        const std::lock_guard lock(m_mutex);
        m_watchers[watcher.get()] = {model, watcher};
        subscribes = !model.empty() && !std::exchange(m_subscribed, true);
    }
    if (!m_serving)
        return watcher->ended(stopping());
    if (subscribes)
        subscribe(); // and then everybody is told to look
    else if (!model.empty())
        watcher->changed();
}

void HealthBoard::remove(const Watcher& watcher) {
    const std::lock_guard lock(m_mutex);
    m_watchers.erase(&watcher);
}

void HealthBoard::subscribe() {
    v1::WatchEventsRequest request;
    request.add_types("model");
    const service::CallerScope everybody({}); // it is the board that reads, for whoever may ask later
    m_events.watch(std::move(request), [weak = weak_from_this()](const Result<Watch>& watch) {
        if (const auto self = weak.lock())
            self->begin(watch);
    });
}

void HealthBoard::begin(const Result<Watch>& watch) {
    Watch mine = watch.ok() ? *watch : nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_subscribed = watch.ok();
        if (m_serving)
            std::swap(m_watch, mine);
    }
    if (!watch.ok())
        return endAll(watch.error());
    for (const auto& watcher : watchersOf([](const Entry& entry) { return !entry.model.empty(); }))
        watcher->changed(); // from now on nothing is missed
    listen(*watch);
}

// The watch holds what is called, and must not be held by it.
void HealthBoard::listen(const Watch& watch) {
    watch->whenReady([weak = weak_from_this(), threads = m_threads] {
        threads->post([weak] {
            const auto self = weak.lock();
            if (!self)
                return;
            Watch mine;
            {
                const std::lock_guard lock(self->m_mutex);
                mine = self->m_watch;
            }
            if (mine)
                self->hear(mine);
        });
    });
}

void HealthBoard::hear(const Watch& watch) {
    const events::EventWatch::Taken taken = watch->take(kAtOnce);
    std::set<std::string> models;
    for (const auto& event : taken.events)
        models.insert(event->model_id().substr(0, event->model_id().find('@'))); // another version may be current now
    for (const auto& watcher : watchersOf([&](const Entry& entry) { return models.contains(entry.model); }))
        watcher->changed();
    if (!taken.over)
        return listen(watch);
    if (taken.error && taken.error->code == ErrorCode::SlowReader)
        return subscribe(); // too many at once: everybody looks again
    {
        const std::lock_guard lock(m_mutex);
        m_subscribed = false;
    }
    endAll(taken.error ? *taken.error : stopping());
}

void HealthBoard::endAll(const Error& why) {
    for (const auto& watcher : watchersOf([](const Entry&) { return true; }))
        watcher->ended(why);
}

HealthBoard::Watchers HealthBoard::watchersOf(const std::function<bool(const Entry&)>& chosen) {
    Watchers found;
    const std::lock_guard lock(m_mutex);
    for (const auto& [key, entry] : m_watchers)
        if (chosen(entry))
            if (auto watcher = entry.watcher.lock())
                found.push_back(std::move(watcher));
    return found;
}

} // namespace mm::grpc_face
