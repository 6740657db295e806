// PieceDispatch over the engine's own dispatcher. Engine thread only.
#pragma once

#include "engine/inference/dispatcher.h"
#include "engine/inference/jobs/ports.h"

#include <utility>

namespace mm::inference {

class DispatchedPieces final : public PieceDispatch {
public:
    DispatchedPieces(Dispatcher& dispatcher, const Clock& clock) : m_dispatcher(dispatcher), m_clock(clock) {}

    void submit(std::shared_ptr<const v1::InferenceRequest> piece, Origin origin, Reply<Response> reply) override {
        Call call{std::move(origin.requestId), std::move(origin.client), m_clock.now()};
        call.patient = true;
        m_dispatcher.submit(std::move(piece), std::move(call), std::move(reply));
    }
    void cancel(const std::string& requestId) override { m_dispatcher.cancel(requestId); }

private:
    Dispatcher& m_dispatcher;
    const Clock& m_clock;
};

} // namespace mm::inference
