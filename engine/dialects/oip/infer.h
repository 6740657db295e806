// One infer request on its way through the engine: which model is meant, what it takes, run, the tensors that were
// asked for. Both faces send theirs through here. Any thread.
#pragma once

#include "engine/dialects/oip/infer_call.h"
#include "engine/service/services.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mm::dialects::oip {

// Work whose cost grows with the bytes, on a thread of the face.
using Work = std::function<void(std::size_t bytes, std::function<void()> task)>;

struct InferResult {
    std::shared_ptr<const modelmora::v1::InferenceResponse> response;
    std::vector<OutputTensor> outputs; // may point into the response
};

// Ends one request, also where it has not reached the engine's queue yet. Shared; any thread.
class InferCancel {
public:
    InferCancel(service::InferenceService& inference, std::string requestId)
        : m_inference(inference), m_requestId(std::move(requestId)) {}

    void cancel() {
        m_isCancelled = true;
        m_inference.cancel(m_requestId);
    }
    // After the request has been handed on: makes good for a cancel that came before.
    void handedOn() const {
        if (m_isCancelled)
            m_inference.cancel(m_requestId);
    }

private:
    service::InferenceService& m_inference;
    std::string m_requestId;
    std::atomic<bool> m_isCancelled = false;
};

struct InferOrder {
    std::shared_ptr<InferCall> call;
    service::CallContext context; // its id is the engine's, since clients of this protocol share theirs freely
    std::size_t bytes = 0;        // of the inputs, about
    Work work;
    std::function<void(modelmora::v1::InferenceRequest&)> adjust; // the last word of the face; may be empty
};

std::shared_ptr<InferCancel> cancelFor(const service::Services& services, const InferOrder& order);

// `cancel` is of this order. The reply comes through `work`, or on the engine thread where it is an error.
void infer(const service::Services& services, InferOrder order, std::shared_ptr<InferCancel> cancel,
           Reply<InferResult> reply);

} // namespace mm::dialects::oip
