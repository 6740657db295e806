// Runs one inference for an exchange: submits it, cancels it if the client leaves, and encodes the answer on the REST
// thread or, where it is large, on the pool. Many inputs go in windows, and very large answers leave in pieces; see
// windows/windowed_inference.h. Any thread.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/rest/windows/answer_form.h"
#include "engine/service/inference_service.h"

#include <memory>

namespace mm::rest {

void runInference(service::InferenceService& inference, const ExchangePtr& exchange,
                  std::shared_ptr<modelmora::v1::InferenceRequest> request, AnswerForm form);

} // namespace mm::rest
