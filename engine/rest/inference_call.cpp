#include "engine/rest/inference_call.h"

#include "engine/ipc/facts.h"
#include "engine/rest/routes/embedding_output.h"
#include "engine/rest/windows/windowed_inference.h"

namespace mm::rest {
namespace {

using Response = service::InferenceService::Response;

constexpr std::size_t kBytesPerFloat = 13;                 // in JSON, about
constexpr std::size_t kLargeAnswer = std::size_t{4} << 20; // in JSON: leaves in pieces

void answerWith(const WindowedInference::Order& order, const Response& response) {
    const ExchangePtr& exchange = order.exchange;
    if (response->has_error())
        return exchange->fail({errorCodeFromName(response->error().code()), response->error().message(),
                               ipc::fromStruct(response->error().facts())});
    const std::size_t bytes = embeddingFloats(*response) * kBytesPerFloat;
    if (bytes > kLargeAnswer && order.form.rows)
        return std::make_shared<WindowedInference>(order)->startWith(response);
    exchange->work(bytes, [exchange, encode = order.form.whole, response] {
        Answer answer = encode(*response);
        answer.isModelOutput = true;
        exchange->answer(std::move(answer));
    });
}

} // namespace

void runInference(service::InferenceService& inference, const ExchangePtr& exchange,
                  std::shared_ptr<modelmora::v1::InferenceRequest> request, AnswerForm form) {
    request->set_request_id(exchange->requestId());
    request->set_embedding_format(modelmora::v1::EMBEDDING_FORMAT_BYTES); // the cheapest to pass on and to read here
    Result<service::CallContext> call = exchange->call();
    if (!call)
        return exchange->fail(call.error());
    WindowedInference::Order order{
        inference, exchange, request, std::move(call).value(), std::move(form), windowsOf(request->input_data())};
    if (order.windows.size() > 1)
        return std::make_shared<WindowedInference>(std::move(order))->start();
    const service::CallContext context = order.call;
    inference.infer(std::move(request), context, [order = std::move(order)](Result<Response> result) {
        if (!result)
            return order.exchange->fail(result.error());
        answerWith(order, *result);
    });
    // After the submission, so that a cancel cannot overtake it.
    exchange->onClientLeft([&inference, id = exchange->requestId()] { inference.cancel(id); });
}

} // namespace mm::rest
