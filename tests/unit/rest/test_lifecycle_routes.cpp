// The lifecycle over REST: how a load is asked for; plans, pins and the memory.
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

namespace {

const std::string kModels = "/api/v1/models";

} // namespace

class TestLifecycleRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLoadTakesForcePinAndInstances();
    void plansPinsAndMemoryAreAskedFor();
    void aWarmUpLoadsAndRunsTheModel();
    void aWarmUpSaysWhatItCannotDo();
};

void TestLifecycleRoutes::aLoadTakesForcePinAndInstances() {
    RestFixture rest;
    std::string asked;
    rest.fakes().onLoad = [&](const v1::LoadModelRequest& request, const service::ModelService::ProgressHandler&,
                              const Reply<v1::ModelStatus>& reply) {
        asked = request.ShortDebugString();
        reply(v1::ModelStatus());
    };
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load?force=true&pin=true&instances=2").status, 200);
    QCOMPARE(asked, std::string(R"(model_id: "org/repo" force: true pin: true instances: 2)"));
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load?pin=false", R"({"instances":3})").status, 200);
    QCOMPARE(asked, std::string(R"(model_id: "org/repo" pin: false instances: 3)"));
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load?instances=17").status, 422);
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load?force=perhaps").status, 422);
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load?fast=true").status, 422);
}

void TestLifecycleRoutes::plansPinsAndMemoryAreAskedFor() {
    RestFixture rest;
    rest.fakes().onPlan = [](const v1::PlanLoadRequest& request) {
        v1::LoadPlan plan;
        plan.set_model_id(request.model_id());
        plan.set_explanation(std::to_string(request.instances()) + " of it fit");
        return plan;
    };
    rest.fakes().onPin = [](const v1::SetPinnedRequest& request) {
        v1::ModelStatus status;
        status.set_model_id(request.model_id());
        status.set_pinned(request.pinned());
        return status;
    };
    rest.fakes().onMemory = [] {
        v1::MemoryLedger ledger;
        ledger.add_devices()->set_device("cpu");
        return ledger;
    };
    QCOMPARE(at(rest.ask("POST", kModels + "/org/repo/plan", R"({"instances":2})"), "/explanation"),
             std::string("2 of it fit"));
    QCOMPARE(at(rest.ask("GET", kModels + "/org/repo/plan?instances=3"), "/explanation"), std::string("3 of it fit"));
    QCOMPARE(rest.ask("GET", kModels + "/org/repo/plan?instances=0").status, 422);
    QCOMPARE(at(rest.ask("PUT", kModels + "/org/repo/pin"), "/pinned"), std::string("true"));
    QCOMPARE(at(rest.ask("DELETE", kModels + "/org/repo/pin"), "/pinned"), std::string("false"));
    QCOMPARE(at(rest.ask("GET", "/api/v1/memory"), "/devices/0/device"), std::string("cpu"));
}

void TestLifecycleRoutes::aWarmUpLoadsAndRunsTheModel() {
    RestFixture rest;
    rest.fakes().onGet = [](const v1::GetModelRequest& request) {
        v1::Model model;
        model.set_model_id(request.model_id());
        model.set_version("main");
        model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
        (*model.mutable_config()->mutable_fields())["warmup"].mutable_list_value()->add_values()->set_string_value("x");
        return model;
    };
    std::string loaded;
    rest.fakes().onLoad = [&](const v1::LoadModelRequest& request, const service::ModelService::ProgressHandler&,
                              const Reply<v1::ModelStatus>& reply) {
        loaded = request.model_id();
        reply(v1::ModelStatus());
    };
    std::vector<std::string> texts;
    rest.fakes().onInfer = [&](const std::shared_ptr<const v1::InferenceRequest>& request, const service::CallContext&,
                               const Reply<service::InferenceService::Response>& reply) {
        texts.push_back(request->model_id() + ' ' + request->input_data().text());
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    const HttpAnswer answer = rest.ask("POST", kModels + "/org/repo/warmup?samples=3");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/samples"), std::string("3"));
    QCOMPARE(loaded, std::string("org/repo@main"));
    QCOMPARE(texts, std::vector<std::string>(3, "org/repo@main x"));
}

void TestLifecycleRoutes::aWarmUpSaysWhatItCannotDo() {
    RestFixture rest;
    rest.fakes().onGet = [](const v1::GetModelRequest&) {
        v1::Model model;
        model.set_task_type(v1::TASK_TYPE_IMG2EMBED);
        return model;
    };
    QCOMPARE(at(rest.ask("POST", kModels + "/org/repo/warmup"), "/error_code"), std::string("NOT_IMPLEMENTED"));
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/warmup?samples=0").status, 422);
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/warmup?samples=1001").status, 422);
    rest.fakes().onGet = [](const v1::GetModelRequest&) -> Result<v1::Model> {
        return Error{ErrorCode::ModelNotFound, "no"};
    };
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/warmup").status, 404);
}

QTEST_GUILESS_MAIN(TestLifecycleRoutes)
#include "test_lifecycle_routes.moc"
