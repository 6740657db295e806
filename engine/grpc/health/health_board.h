// What the health service knows by itself: the names of the gRPC services, and whether the server still takes calls.
// It reads the engine's events once for all watchers, and tells each of them when something has happened to its model.
// Owned by the server and shared with its calls; any thread.
#pragma once

#include "engine/base/error.h"
#include "engine/grpc/call/reply_threads.h"
#include "engine/service/events/event_service.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mm::grpc_face {

class HealthBoard : public std::enable_shared_from_this<HealthBoard> {
public:
    // One that wants to know. It is called from any thread, and is kept by somebody else.
    class Watcher {
    public:
        virtual ~Watcher() = default;
        // Something has happened to its model, or may have.
        virtual void changed() = 0;
        // Nothing more will be told: the server stops, or events cannot be read.
        virtual void ended(const Error& why) = 0;
    };

    // `events` outlives it.
    HealthBoard(service::EventService& events, std::shared_ptr<ReplyThreads> threads, std::set<std::string> services)
        : m_events(events), m_threads(std::move(threads)), m_services(std::move(services)) {}

    // The engine as a whole ("") or a gRPC service; anything else can only be a model.
    [[nodiscard]] bool isService(const std::string& name) const { return name.empty() || m_services.contains(name); }
    [[nodiscard]] bool isServing() const { return m_serving; }

    // From now on nothing is served; ends every watcher.
    void stopServing();

    // `model` is "org/repo" of any version; empty for one that only waits for the end.
    void add(const std::string& model, const std::shared_ptr<Watcher>& watcher);
    void remove(const Watcher& watcher);

private:
    using Watch = service::EventService::Watch;
    using Watchers = std::vector<std::shared_ptr<Watcher>>;
    struct Entry {
        std::string model;
        std::weak_ptr<Watcher> watcher;
    };

    void subscribe();
    void begin(const Result<Watch>& watch);
    void listen(const Watch& watch);
    void hear(const Watch& watch);
    void endAll(const Error& why);
    [[nodiscard]] Watchers watchersOf(const std::function<bool(const Entry&)>& chosen);

    service::EventService& m_events;
    const std::shared_ptr<ReplyThreads> m_threads;
    const std::set<std::string> m_services;
    std::atomic<bool> m_serving{true};
    std::mutex m_mutex;
    std::map<const Watcher*, Entry> m_watchers;
    bool m_subscribed = false; // or about to be
    Watch m_watch;
};

} // namespace mm::grpc_face
