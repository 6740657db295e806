#include "engine/rest/routes/openai/openai_routes.h"

#include "engine/rest/inference_call.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/openai/embeddings_json.h"
#include "engine/rest/routes/openai/openai_error.h"

namespace mm::rest::openai {
namespace {

namespace v1 = modelmora::v1;
using service::ModelService;

constexpr std::int32_t kPageSize = 100;

void embeddings(service::InferenceService& inference, const ExchangePtr& exchange) {
    exchange->work(exchange->request().body.size(), [&inference, exchange] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        Result<EmbeddingsRequest> read = readEmbeddings(*json, exchange->argument("model"));
        if (!read)
            return exchange->fail(read.error());
        runInference(inference, exchange, std::move(read->inference), embeddingsForm(read->asBase64));
    });
}

void writeModel(JsonWriter& writer, const v1::Model& model) {
    const std::string& id = model.model_id();
    writer.beginObject().field("id", id).field("object", "model").field("created", model.created_at().seconds());
    writer.field("owned_by", id.substr(0, id.find('/'))).endObject();
}

// This dialect knows no pages: all of ours become one list.
void listFrom(ModelService& models, const ExchangePtr& exchange, std::int32_t page,
              std::shared_ptr<v1::ListModelsResponse> all) {
    v1::ListModelsRequest request;
    request.mutable_pagination()->set_page(page);
    request.mutable_pagination()->set_page_size(kPageSize);
    models.listModels(std::move(request), [&models, exchange, page, all](Result<v1::ListModelsResponse> list) {
        if (!list)
            return exchange->fail(list.error());
        all->mutable_models()->MergeFrom(list->models());
        if (list->models_size() > 0 && page < list->pagination().total_pages())
            return listFrom(models, exchange, page + 1, all);
        exchange->work(0, [exchange, all] {
            Answer answer;
            JsonWriter writer(answer.body);
            writer.beginObject().field("object", "list").key("data").beginArray();
            for (const v1::Model& model : all->models())
                writeModel(writer, model);
            writer.endArray().endObject();
            exchange->answer(std::move(answer));
        });
    });
}

void getModel(ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model"));
    models.getModel(std::move(request), exchange->replyWith<v1::Model>([](const v1::Model& model) {
        Answer answer;
        JsonWriter writer(answer.body);
        writeModel(writer, model);
        return answer;
    }));
}

} // namespace

void mount(Router& router, const service::Services& services) {
    ModelService& models = services.models;
    service::InferenceService& inference = services.inference;
    router.setErrorFormat("/v1", errorAnswer);
    router.setErrorFormat("/openai", errorAnswer);
    for (const char* path :
         {"/v1/embeddings", "/v1/engines/{model}/embeddings", "/openai/deployments/{model}/embeddings"})
        router.add("POST", path, access::Operation::Infer,
                   [&inference](const ExchangePtr& exchange) { embeddings(inference, exchange); });
    router.add("GET", "/v1/models", access::Operation::ReadModels, [&models](const ExchangePtr& exchange) {
        listFrom(models, exchange, 1, std::make_shared<v1::ListModelsResponse>());
    });
    router.add("GET", "/v1/models/{model}", access::Operation::ReadModels,
               [&models](const ExchangePtr& exchange) { getModel(models, exchange); });
}

} // namespace mm::rest::openai
