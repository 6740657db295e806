// What jobs tell, as events. Progress is told from percent to percent. Engine thread; the log outlives it.
#pragma once

#include "engine/events/event_log.h"
#include "engine/inference/jobs/ports.h"

#include <map>
#include <string>

namespace mm::app {

class JobEvents final : public inference::JobListener {
public:
    explicit JobEvents(events::EventLog& log) : m_log(log) {}

    void onJobAccepted(const inference::Job& job) override;
    void onJobProgress(const inference::JobProgress& progress) override;
    void onWebhook(const inference::Job& job) override;
    void onJobEnded(const inference::Job& job) override;

private:
    events::EventLog& m_log;
    std::map<std::string, int> m_percent; // as last told
};

} // namespace mm::app
