#include "engine/rest/routes/rerank/rerank_routes.h"

#include "engine/rest/inference_call.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/rerank/rerank_error.h"
#include "engine/rest/routes/rerank/rerank_json.h"

namespace mm::rest::rerank {
namespace {

namespace v1 = modelmora::v1;

void rerank(service::InferenceService& inference, Version version, const ExchangePtr& exchange) {
    exchange->work(exchange->request().body.size(), [&inference, version, exchange] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        const Result<RerankRequest> read = readRerank(*json, version);
        if (!read)
            return exchange->fail(read.error());
        const auto whole = [version, request = *read,
                            id = exchange->requestId()](const v1::InferenceResponse& response) {
            Result<Answer> answer = rerankAnswer(response, request, version);
            return answer ? std::move(*answer) : errorAnswer(answer.error(), id);
        };
        runInference(inference, exchange, read->inference, {whole, {}});
    });
}

} // namespace

void mount(Router& router, const service::Services& services) {
    service::InferenceService& inference = services.inference;
    for (const auto& [path, version] : {std::pair{"/v1/rerank", Version::One}, std::pair{"/v2/rerank", Version::Two}}) {
        router.setErrorFormat(path, errorAnswer);
        router.add(
            "POST", path, access::Operation::Infer,
            [&inference, version = version](const ExchangePtr& exchange) { rerank(inference, version, exchange); });
    }
}

} // namespace mm::rest::rerank
