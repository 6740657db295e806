#include "engine/dialects/oip/model_card.h"
#include "engine/dialects/oip/model_statistics.h"
#include "engine/dialects/oip/repository.h"
#include "tests/support/fake_services.h"

#include <QTest>

#include <future>

using namespace mm;
using namespace mm::dialects::oip;
using mm::test::FakeServices;
namespace v1 = modelmora::v1;

namespace {

// Asks by `ask(reply)` and waits for the answer.
template <typename T, typename Ask>
Result<T> answerTo(Ask ask) {
    std::promise<Result<T>> given;
    ask(Reply<T>([&given](Result<T> result) { given.set_value(std::move(result)); }));
    return given.get_future().get();
}

v1::Model numbered(int number) {
    v1::Model model;
    model.set_model_id("org/model-" + std::to_string(1000 + number));
    model.set_version("main");
    model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    return model;
}

v1::ModelStatus stateOf(const std::string& model, const std::string& version, v1::ModelState state) {
    v1::ModelStatus status;
    status.set_model_id(model);
    status.set_version(version);
    status.set_state(state);
    return status;
}

Result<v1::ListModelsResponse> page(const v1::ListModelsRequest& request, int total) {
    const int size = request.pagination().page_size();
    v1::ListModelsResponse response;
    for (int i = (request.pagination().page() - 1) * size; i < std::min(total, request.pagination().page() * size); ++i)
        *response.add_models() = numbered(i);
    response.mutable_pagination()->set_total(total);
    response.mutable_pagination()->set_total_pages((total + size - 1) / size);
    return response;
}

google::protobuf::Struct parameter(const char* name, const google::protobuf::Value& value) {
    google::protobuf::Struct made;
    (*made.mutable_fields())[name] = value;
    return made;
}

google::protobuf::Value flag(bool is) {
    google::protobuf::Value value;
    value.set_bool_value(is);
    return value;
}

} // namespace

class TestOipRepository : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theIndexHoldsEveryModelAndWhatElseIsLoaded();
    void aCardTellsTheTensorsOfTheTask();
    void statisticsAddUpWhatTheQueueCounted();
    void loadsTakeOurParametersAndRefuseFiles();
};

void TestOipRepository::theIndexHoldsEveryModelAndWhatElseIsLoaded() {
    FakeServices fakes;
    fakes.onList = [](const v1::ListModelsRequest& request) { return page(request, 250); };
    fakes.onStatus = [] {
        v1::SystemStatus status;
        *status.add_loaded_models() = stateOf("org/model-1007", "main", v1::MODEL_STATE_LOADED);
        *status.add_loaded_models() = stateOf("org/model-1007", "old", v1::MODEL_STATE_DRAINING);
        v1::ModelStatus broken = stateOf("org/model-1008", "main", v1::MODEL_STATE_UNHEALTHY);
        broken.mutable_last_failure()->set_message("the worker has crashed");
        *status.add_loaded_models() = broken;
        return Result<v1::SystemStatus>(status);
    };
    const auto index =
        answerTo<std::vector<IndexEntry>>([&](const auto& reply) { repositoryIndex(fakes.services(), false, reply); });
    QVERIFY(index.ok());
    QCOMPARE(index->size(), 251UL);
    QCOMPARE(index->at(0).state, std::string_view("UNAVAILABLE"));
    QCOMPARE(index->at(0).reason, std::string("unloaded"));
    QCOMPARE(index->at(7).state, std::string_view("READY"));
    QCOMPARE(index->at(7).reason, std::string());
    QCOMPARE(index->at(8).version, std::string("old"));
    QCOMPARE(index->at(8).state, std::string_view("UNLOADING"));
    QCOMPARE(index->at(9).reason, std::string("the worker has crashed"));
    const auto ready =
        answerTo<std::vector<IndexEntry>>([&](const auto& reply) { repositoryIndex(fakes.services(), true, reply); });
    QCOMPARE(ready->size(), 1UL);
}

void TestOipRepository::aCardTellsTheTensorsOfTheTask() {
    FakeServices fakes;
    v1::TaskType task = v1::TASK_TYPE_TXT2EMBED;
    fakes.onGet = [&task](const v1::GetModelRequest&) {
        v1::Model model = numbered(1);
        model.set_task_type(task);
        return Result<v1::Model>(model);
    };
    fakes.onModelStatus = [](const v1::GetModelStatusRequest&) {
        v1::ModelStatus status;
        status.set_embedding_dimension(384);
        return Result<v1::ModelStatus>(status);
    };
    fakes.onListVersions = [](const v1::ListVersionsRequest&) {
        v1::ListVersionsResponse versions;
        versions.add_versions()->set_version("1");
        versions.add_versions()->set_version("2");
        return Result<v1::ListVersionsResponse>(versions);
    };
    const auto card = [&] {
        return answerTo<ModelCard>([&](const auto& reply) { modelCard(fakes.services(), "org/model", reply); });
    };
    const auto embedding = card();
    QVERIFY(embedding.ok());
    QCOMPARE(embedding->versions, (std::vector<std::string>{"1", "2"}));
    QCOMPARE(embedding->signature.outputs[0].shape, (Shape{-1, 384}));
    QCOMPARE(namesOf(embedding->signature.inputs), std::string("text, input_ids, attention_mask"));
    task = v1::TASK_TYPE_TXT2CLASS;
    QCOMPARE(namesOf(card()->signature.outputs), std::string("label, score"));
    task = v1::TASK_TYPE_TXTPAIR2SCORE;
    QCOMPARE(namesOf(card()->signature.outputs), std::string("score"));
    task = v1::TASK_TYPE_TXT2IMG;
    const auto none = card();
    QVERIFY(!none.ok());
    QCOMPARE(none.error().code, ErrorCode::NotImplemented);
}

void TestOipRepository::statisticsAddUpWhatTheQueueCounted() {
    FakeServices fakes;
    fakes.onQueue = [](const v1::GetQueueRequest&) {
        v1::QueueReport report;
        for (const char* name : {"org/a", "org/b"}) {
            v1::ModelQueue& model = *report.add_models();
            model.set_model_id(name);
            model.set_version("main");
            model.set_requests_finished(10);
            model.set_inputs_finished(40);
            model.set_batches_computed(5);
            model.set_mean_queue_ms(1.5);
            model.set_mean_batch_wait_ms(0.5);
            model.set_compute_ms_per_input(2);
        }
        return Result<v1::QueueReport>(report);
    };
    fakes.onModelStatus = [](const v1::GetModelStatusRequest& request) {
        return Result<v1::ModelStatus>(stateOf(request.model_id(), "main", v1::MODEL_STATE_LOADED));
    };
    fakes.onStatus = [] { return Result<v1::SystemStatus>(v1::SystemStatus()); };
    const auto of = [&](const char* id) {
        return answerTo<std::vector<ModelStatistics>>(
            [&](const auto& reply) { modelStatistics(fakes.services(), id, reply); });
    };
    const auto one = of("org/b");
    QVERIFY(one.ok());
    QCOMPARE(one->size(), 1UL);
    QCOMPARE(one->at(0).name, std::string("org/b"));
    QCOMPARE(one->at(0).inferences, 40UL);
    QCOMPARE(one->at(0).executions, 5UL);
    QCOMPARE(one->at(0).queueNs, 20'000'000UL);
    QCOMPARE(one->at(0).computeNs, 80'000'000UL);
    QCOMPARE(of("")->size(), 2UL);
    QCOMPARE(of("org/never-asked")->at(0).inferences, 0UL);
}

void TestOipRepository::loadsTakeOurParametersAndRefuseFiles() {
    const auto forced = loadRequest("org/repo", parameter("force", flag(true)));
    QVERIFY(forced.ok());
    QVERIFY(forced->force());
    google::protobuf::Value text;
    text.set_string_value("{}");
    for (const char* name : {"config", "file:1/model.onnx", "force", "instances", "what"}) {
        const auto refused = loadRequest("org/repo", parameter(name, text));
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().message.find(name) != std::string::npos);
    }
    QVERIFY(unloadRequest("org/repo", parameter("unload_dependents", flag(true))).ok());
    QVERIFY(!unloadRequest("org/repo", parameter("unload", flag(true))).ok());
    QVERIFY(!checkRepositoryName("other").ok());
}

QTEST_APPLESS_MAIN(TestOipRepository)
#include "test_oip_repository.moc"
