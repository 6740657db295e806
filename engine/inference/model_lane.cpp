#include "engine/inference/model_lane.h"

#include <numeric>

namespace mm::inference {

ModelLane& ModelLanes::lane(const ResolvedModel& model) {
    const auto [entry, isNew] = m_byKey.emplace(model.key, static_cast<std::uint32_t>(m_lanes.size()));
    if (isNew) {
        auto made = std::make_unique<ModelLane>();
        made->key = model.key;
        made->modelId = model.modelId;
        made->index = entry->second;
        m_lanes.push_back(std::move(made));
    }
    ModelLane& lane = *m_lanes[entry->second];
    lane.batchMaxSize = model.batchMaxSize; // as it is configured now
    lane.batchMaxWait = model.batchMaxWait;
    return lane;
}

const ModelLane* ModelLanes::find(const std::string& key) const {
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? nullptr : m_lanes[found->second].get();
}

std::int64_t backlogMicros(const ModelLanes& lanes) {
    double micros = 0;
    for (const auto& lane : lanes.all())
        if (lane->speed.known())
            micros += lane->speed.microsPerInput() *
                      static_cast<double>(
                          std::accumulate(lane->outstanding.begin(), lane->outstanding.end(), lane->waitingInputs));
    return static_cast<std::int64_t>(micros);
}

} // namespace mm::inference
