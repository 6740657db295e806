// Inference: POST /infer/{model}.
#include "engine/rest/inference_call.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/inference_json.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

void infer(service::InferenceService& inference, const ExchangePtr& exchange) {
    exchange->work(exchange->request().body.size(), [&inference, exchange] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        auto request = std::make_shared<v1::InferenceRequest>();
        if (const Result<void> read = readInference(*json, *request); !read)
            return exchange->fail(read.error());
        if (request->has_job())
            return exchange->fail(invalidField("job", "is for POST …/async alone; this request is answered at once"));
        request->set_model_id(exchange->argument("model"));
        const bool isList = request->input_data().data_case() != v1::InputData::kText &&
                            request->input_data().data_case() != v1::InputData::kImage;
        const bool isBase64 = request->embedding_format() == v1::EMBEDDING_FORMAT_BYTES;
        runInference(inference, exchange, std::move(request), inferenceForm({isList, isBase64}));
    });
}

} // namespace

void mountInference(Router& router, const service::Services& services) {
    service::InferenceService& inference = services.inference;
    for (const std::string& path : {api("/infer/{model}"), std::string("/infer/{model}")})
        router.add("POST", path, access::Operation::Infer,
                   [&inference](const ExchangePtr& exchange) { infer(inference, exchange); });
}

} // namespace mm::rest::native
