// InferenceService over this process's own dispatcher. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/executor.h"
#include "engine/inference/dispatcher.h"
#include "engine/service/inference_service.h"

namespace mm::service {

class LocalInferenceService final : public InferenceService {
public:
    LocalInferenceService(Executor& engine, inference::Dispatcher& dispatcher)
        : m_engine(engine), m_dispatcher(dispatcher) {}

    void infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call, Reply<Response> reply) override;
    void cancel(std::string requestId) override;

private:
    Executor& m_engine;
    inference::Dispatcher& m_dispatcher;
};

} // namespace mm::service
