// InferenceCounters: how many requests and inputs each model has answered, in how many batches, and how long they
// waited, since the start. Engine thread.
#pragma once

#include "engine/inference/ports.h"

#include <unordered_map>

namespace mm::inference {

class InferenceCounters final : public InferenceListener {
public:
    struct OfModel {
        std::int64_t batchesSent = 0;
        std::int64_t requests = 0; // answered by a worker
        std::int64_t inputs = 0;
        double batches = 0; // each request is its share of the batch it was computed in
        double queueMs = 0; // of all requests together
        double batchWaitMs = 0;
    };

    void onBatch(const BatchSent& batch) override;
    void onFinished(const RequestEnd& end) override;
    // Zeroes for a model that nothing was told of.
    [[nodiscard]] OfModel of(const std::string& key) const;

private:
    std::unordered_map<std::string, OfModel> m_models;
};

} // namespace mm::inference
