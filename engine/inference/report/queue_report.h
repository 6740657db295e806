// What waits and runs, in words and numbers: made from the dispatcher's state when somebody asks, changing nothing.
// Costs as much as there are requests, but next to nothing for one that does not wait. Engine thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/inference/model_lane.h"
#include "engine/inference/queue/client_table.h"
#include "engine/inference/queue/request_table.h"
#include "engine/inference/report/inference_counters.h"

#include <map>

namespace mm::inference {

class QueueReporter {
public:
    struct State {
        const RequestTable& requests;
        const RequestQueue& queue;
        const ClientTable& clients;
        const ModelLanes& lanes;
        const InferenceCounters& counters;
        const ModelLeases& leases;
        const Clock& clock;
    };
    explicit QueueReporter(State state) : m_state(state) {}

    [[nodiscard]] v1::QueueReport report(const v1::GetQueueRequest& filter);
    [[nodiscard]] v1::QueueEntry entryOf(const Request& request);

    // What holds of a request in any state; the rest depends on it.
    static v1::QueueEntry outline(const Request& request, const Clock& clock);
    static v1::QueueStatus depthOf(const RequestQueue& queue);
    static google::protobuf::Timestamp timestamp(WallTime time);

private:
    struct Turn {
        int position = 0;
        std::int64_t aheadMicros = 0;        // of all that goes before
        std::int64_t aheadOfModelMicros = 0; // of the same model only
    };

    void findTurns();
    [[nodiscard]] const LoadState& loadState(const ModelLane& lane);
    [[nodiscard]] std::string reasonOf(const Request& request, const Turn& turn);
    [[nodiscard]] std::optional<std::int64_t> startsInMicros(const ModelLane& lane, const Turn& turn);
    void describeWait(const Request& request, v1::QueueEntry& entry);
    void addClients(v1::QueueReport& report) const;
    void addModels(v1::QueueReport& report);

    State m_state;
    bool m_turnsKnown = false;
    std::unordered_map<std::uint64_t, Turn> m_turns; // of those that wait
    std::map<std::uint32_t, LoadState> m_loadStates; // by lane; asked for once
};

} // namespace mm::inference
