// What inference tells, as events: requests, batches and how many wait. Made only while somebody listens. Engine
// thread; the log outlives it.
#pragma once

#include "engine/events/event_log.h"
#include "engine/inference/ports.h"
#include "modelmora/v1/management.pb.h"

#include <QTimer>

#include <functional>

namespace mm::app {

class InferenceEvents final : public inference::InferenceListener {
public:
    using Depth = std::function<inference::v1::QueueStatus()>;

    explicit InferenceEvents(events::EventLog& log);
    // How many wait, for whoever asks how the queue stands.
    void setDepth(Depth depth) { m_depth = std::move(depth); }

    void onBatch(const inference::BatchSent& batch) override;
    void onFinished(const inference::RequestEnd& end) override;
    void onChanged(const inference::RequestChange& change) override;

private:
    // Told when the loop comes round, and at most a few times a second.
    void depthMayHaveChanged();
    void tellDepth();

    events::EventLog& m_log;
    Depth m_depth;
    QTimer m_timer;
    std::string m_told; // the last that was told, as bytes
};

} // namespace mm::app
