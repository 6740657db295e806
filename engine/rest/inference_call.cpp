#include "engine/rest/inference_call.h"

#include "engine/ipc/facts.h"
#include "engine/rest/routes/embedding_output.h"
#include "engine/service/client_name.h"

namespace mm::rest {
namespace {

constexpr std::size_t kBytesPerFloat = 12; // in JSON, about

} // namespace

void runInference(service::InferenceService& inference, const ExchangePtr& exchange,
                  std::shared_ptr<modelmora::v1::InferenceRequest> request, InferenceEncoder encode) {
    using Response = service::InferenceService::Response;
    request->set_request_id(exchange->requestId());
    request->set_embedding_format(modelmora::v1::EMBEDDING_FORMAT_BYTES); // the cheapest to pass on and to read here
    Result<std::string> client = service::clientName(exchange->request().header("x-modelmora-client"),
                                                     exchange->request().peer, "X-ModelMora-Client");
    if (!client)
        return exchange->fail(client.error());
    service::CallContext call;
    call.client = std::move(client).value();
    call.requestId = exchange->requestId();
    call.trace = exchange->trace();
    inference.infer(std::move(request), call, [exchange, encode = std::move(encode)](Result<Response> result) {
        if (!result)
            return exchange->fail(result.error());
        const Response response = *result;
        if (response->has_error())
            return exchange->fail({errorCodeFromName(response->error().code()), response->error().message(),
                                   ipc::fromStruct(response->error().facts())});
        exchange->work(embeddingFloats(*response) * kBytesPerFloat, [exchange, encode, response] {
            Answer answer = encode(*response);
            answer.isModelOutput = true;
            exchange->answer(std::move(answer));
        });
    });
    // After the submission, so that a cancel cannot overtake it.
    exchange->onClientLeft([&inference, id = exchange->requestId()] { inference.cancel(id); });
}

} // namespace mm::rest
