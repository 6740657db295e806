// Runs one inference for an exchange: submits it, cancels it if the client leaves, and encodes the answer on the REST
// thread or, where it is large, on the pool. Any thread.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/service/inference_service.h"

#include <functional>
#include <memory>

namespace mm::rest {

using InferenceEncoder = std::function<Answer(const modelmora::v1::InferenceResponse&)>;

void runInference(service::InferenceService& inference, const ExchangePtr& exchange,
                  std::shared_ptr<modelmora::v1::InferenceRequest> request, InferenceEncoder encode);

} // namespace mm::rest
