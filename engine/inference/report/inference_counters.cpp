#include "engine/inference/report/inference_counters.h"

namespace mm::inference {

void InferenceCounters::onBatch(const BatchSent& batch) {
    ++m_models[batch.key].batchesSent;
}

void InferenceCounters::onFinished(const RequestEnd& end) {
    if (end.state != v1::REQUEST_STATE_COMPLETED)
        return;
    OfModel& model = m_models[end.key];
    ++model.requests;
    model.inputs += end.inputs;
    if (end.metadata.batch_size() > 0)
        model.batches += static_cast<double>(end.inputs) / end.metadata.batch_size();
    model.queueMs += end.metadata.queue_ms();
    model.batchWaitMs += end.metadata.batch_wait_ms();
}

InferenceCounters::OfModel InferenceCounters::of(const std::string& key) const {
    const auto found = m_models.find(key);
    return found == m_models.end() ? OfModel{} : found->second;
}

} // namespace mm::inference
