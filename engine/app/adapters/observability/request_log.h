// Requests in the log, each with its id and its trace's, and those that are worth it kept across restarts: failed and
// slow ones. Engine thread.
#pragma once

#include "engine/inference/ports.h"
#include "engine/observability/requests/request_keeper.h"

namespace mm::app {

class RequestLog final : public inference::InferenceListener {
public:
    // It outlives the log.
    explicit RequestLog(observability::RequestKeeper& keeper) : m_keeper(keeper) {}

    void onBatch(const inference::BatchSent&) override {}
    void onFinished(const inference::RequestEnd&) override {}
    // Failed and slow ones at the level info, the others at debug.
    void onEnded(const inference::WholeEnd& end) override;

private:
    observability::RequestKeeper& m_keeper;
};

} // namespace mm::app
