// What the faces may ask of models: run this. Any thread; the reply comes once, on the engine thread.
#pragma once

#include "engine/base/reply.h"
#include "engine/service/call.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>

namespace mm::service {

namespace v1 = modelmora::v1;

class InferenceService {
public:
    virtual ~InferenceService() = default;

    // Loads the model first where needed. The reply may carry large outputs: they are shared, never copied, and stay
    // immutable, so a face encodes them on its own thread.
    using Response = std::shared_ptr<const v1::InferenceResponse>;
    virtual void infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                       Reply<Response> reply) = 0;

    // Ends the request with RequestCancelled wherever it is; unknown ids are ignored (it may just have finished).
    virtual void cancel(std::string requestId) = 0;
};

} // namespace mm::service
