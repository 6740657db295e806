#include "engine/rest/routes/tei/tei_routes.h"

#include "engine/ipc/names.h"
#include "engine/rest/inference_call.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/tei/tei_error.h"
#include "engine/rest/routes/tei/tei_json.h"

#include <algorithm>

namespace mm::rest::tei {
namespace {

namespace v1 = modelmora::v1;
using service::ModelService;

struct Operation {
    const char* path;
    v1::TaskType task;
    Result<TeiRequest> (*read)(std::string_view json);
    Result<Answer> (*answer)(const v1::InferenceResponse& response, const TeiRequest& request);
};

constexpr Operation kOperations[] = {
    {"/embed", v1::TASK_TYPE_TXT2EMBED, readEmbed, embedAnswer},
    {"/rerank", v1::TASK_TYPE_TXTPAIR2SCORE, readRerank, rerankAnswer},
    {"/predict", v1::TASK_TYPE_TXT2CLASS, readPredict, predictAnswer},
};

// What a model's own address does, by its task: clients that know a model by one address alone send there.
constexpr Operation kAtModel[] = {
    kOperations[0],
    kOperations[1],
    {"", v1::TASK_TYPE_TXT2CLASS, readClassify, predictAnswer},
};

using WithModel = std::function<void(const std::string& modelId)>;

Error noSingleModel(int count, const std::string& tasks, const std::string& path) {
    const std::string found = count == 0 ? "no model is registered for " + tasks
                                         : std::to_string(count) + " models are registered for " + tasks;
    return {count == 0 ? ErrorCode::ModelNotFound : ErrorCode::InvalidInput,
            found + (count == 0 ? "; register one" : "; name one by its path, as in /tei/org/repo" + path),
            {{"models", std::int64_t{count}}}};
}

// The only model for the task.
void chooseModel(ModelService& models, const ExchangePtr& exchange, const Operation& operation, WithModel next) {
    v1::ListModelsRequest request;
    request.set_task_type(operation.task);
    request.mutable_pagination()->set_page(1);
    request.mutable_pagination()->set_page_size(2);
    models.listModels(std::move(request), [exchange, operation, next](Result<v1::ListModelsResponse> list) {
        if (!list)
            return exchange->fail(list.error());
        const int count = std::max(list->models_size(), list->pagination().total());
        if (count != 1 || list->models().empty())
            return exchange->fail(noSingleModel(count, std::string(taskName(operation.task)), operation.path));
        next(list->models(0).model_id());
    });
}

void run(service::InferenceService& inference, const ExchangePtr& exchange, const Operation& operation,
         const TeiRequest& request) {
    AnswerForm form{[operation, request](const v1::InferenceResponse& response) {
                        Result<Answer> answer = operation.answer(response, request);
                        return answer ? std::move(*answer) : errorAnswer(answer.error(), {});
                    },
                    {}};
    if (operation.answer == embedAnswer)
        form.rows = embedForm();
    runInference(inference, exchange, request.inference, std::move(form));
}

void infer(const service::Services& services, const ExchangePtr& exchange, const Operation& operation,
           const std::string& named) {
    exchange->work(exchange->request().body.size(), [services, exchange, operation, named] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        const Result<TeiRequest> read = operation.read(*json);
        if (!read)
            return exchange->fail(read.error());
        if (!named.empty())
            read->inference->set_model_id(named);
        if (!read->inference->model_id().empty())
            return run(services.inference, exchange, operation, *read);
        chooseModel(services.models, exchange, operation,
                    [&inference = services.inference, exchange, operation, request = *read](const std::string& id) {
                        request.inference->set_model_id(id);
                        run(inference, exchange, operation, request);
                    });
    });
}

// Which body is right depends on the model; what would be wrong for any is told before that there is none.
void failWithoutModel(const ExchangePtr& exchange, const Error& unknownModel) {
    exchange->work(exchange->request().body.size(), [exchange, unknownModel] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        for (const Operation& operation : kAtModel)
            if (operation.read(*json))
                return exchange->fail(unknownModel);
        exchange->fail(readEmbed(*json).error());
    });
}

void inferAtModel(const service::Services& services, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model"));
    services.models.getModel(std::move(request), [services, exchange](Result<v1::Model> model) {
        if (!model)
            return failWithoutModel(exchange, model.error());
        for (const Operation& operation : kAtModel)
            if (operation.task == model->task_type())
                return infer(services, exchange, operation, exchange->argument("model"));
        exchange->fail({ErrorCode::InvalidTaskType,
                        "the model " + model->model_id() + " does " + std::string(taskName(model->task_type())) +
                            ", which this API does not know; ask it at /api/v1/infer/" + model->model_id()});
    });
}

void showModel(ModelService& models, const ExchangePtr& exchange, const v1::Model& model) {
    v1::GetModelStatusRequest request;
    request.set_model_id(model.model_id());
    models.modelStatus(std::move(request), exchange->replyWith<v1::ModelStatus>([model](const v1::ModelStatus& status) {
        return infoAnswer(model, status);
    }));
}

bool isOurs(const v1::Model& model) {
    return std::any_of(std::begin(kOperations), std::end(kOperations),
                       [&](const Operation& operation) { return operation.task == model.task_type(); });
}

void infoOfOnly(ModelService& models, const ExchangePtr& exchange) {
    constexpr int kMany = 100;
    v1::ListModelsRequest request;
    request.mutable_pagination()->set_page(1);
    request.mutable_pagination()->set_page_size(kMany);
    models.listModels(std::move(request), [&models, exchange](Result<v1::ListModelsResponse> list) {
        if (!list)
            return exchange->fail(list.error());
        std::vector<const v1::Model*> ours;
        for (const v1::Model& model : list->models())
            if (isOurs(model))
                ours.push_back(&model);
        const int count = static_cast<int>(ours.size()) + std::max(0, list->pagination().total() - kMany);
        if (count != 1 || ours.empty())
            return exchange->fail(noSingleModel(count, "txt2embed, txtpair2score or txt2class", "/info"));
        showModel(models, exchange, *ours.front());
    });
}

void infoOf(ModelService& models, const ExchangePtr& exchange) {
    v1::GetModelRequest request;
    request.set_model_id(exchange->argument("model"));
    models.getModel(std::move(request), [&models, exchange](Result<v1::Model> model) {
        if (!model)
            return exchange->fail(model.error());
        showModel(models, exchange, *model);
    });
}

} // namespace

void mount(Router& router, const service::Services& services) {
    router.setErrorFormat("/tei", errorAnswer);
    router.setErrorFormat("/info", errorAnswer);
    for (const Operation& operation : kOperations) {
        router.setErrorFormat(operation.path, errorAnswer);
        router.add("POST", operation.path, access::Operation::Infer,
                   [services, operation](const ExchangePtr& exchange) { infer(services, exchange, operation, {}); });
        router.add("POST", std::string("/tei/{model}") + operation.path, access::Operation::Infer,
                   [services, operation](const ExchangePtr& exchange) {
                       infer(services, exchange, operation, exchange->argument("model"));
                   });
    }
    router.add("POST", "/tei/{model}", access::Operation::Infer,
               [services](const ExchangePtr& exchange) { inferAtModel(services, exchange); });
    ModelService& models = services.models;
    router.add("GET", "/info", access::Operation::ReadModels,
               [&models](const ExchangePtr& exchange) { infoOfOnly(models, exchange); });
    router.add("GET", "/tei/{model}/info", access::Operation::ReadModels,
               [&models](const ExchangePtr& exchange) { infoOf(models, exchange); });
}

} // namespace mm::rest::tei
