// What the lifecycle tells, as events: states and loads of models, memory, devices. Engine thread; the log outlives it.
#pragma once

#include "engine/events/event_log.h"
#include "engine/lifecycle/ports.h"

#include <map>
#include <string>
#include <utility>

namespace mm::app {

class LifecycleEvents final : public lifecycle::LifecycleListener {
public:
    explicit LifecycleEvents(events::EventLog& log) : m_log(log) {}

    void onStateChanged(const lifecycle::StateChange& change) override;
    // Told from percent to percent.
    void onLoadProgress(const std::string& key, int instance, const lifecycle::v1::LoadStage& stage) override;
    void onWaiting(const std::string& key, const std::string& reason) override;
    void onPinned(const std::string& key, bool pinned) override;
    void onMemory(const lifecycle::MemoryChange& change) override;
    // Told where a device comes or goes, where a budget has moved by a hundredth of what was set, and where what is
    // used comes to be more than it, or no longer is.
    void onDevices(const std::vector<lifecycle::DeviceAccount>& devices) override;

private:
    struct Told {
        std::string stage;
        double percent = 0;
    };
    struct Device {
        std::int64_t effectiveBytes = 0; // as last told
        bool exceeded = false;
    };
    void tellDevice(const lifecycle::DeviceAccount& account);

    events::EventLog& m_log;
    std::map<std::pair<std::string, int>, Told> m_loads;
    std::map<std::string, Device> m_devices;
};

} // namespace mm::app
