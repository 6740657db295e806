// Preloading: one model after another, in order; what fails stops no other.
#include "engine/app/preload.h"
#include "tests/support/worker_house.h"

#include <QTest>

using namespace mm;
using mm::test::WorkerHouse;
namespace v1 = modelmora::v1;

class TestPreload : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modelsAreLoadedOneAfterAnotherInTheirOrder();
    void nothingToLoadIsDoneAtOnce();
};

void TestPreload::modelsAreLoadedOneAfterAnotherInTheirOrder() {
    WorkerHouse house;
    house.make();
    house.script("org/a@1", "{}");
    house.script("org/b@1", R"({"load": {"exit": true}})");
    house.script("org/c@1", "{}");
    std::optional<int> loaded;
    app::preload({"org/c@1", "org/b@1", "org/none@1", "org/a@1"}, house.manager(), house.executor(),
                 [&](int count) { loaded = count; });
    QVERIFY(test::awaitUntil([&] { return loaded.has_value(); }));
    QCOMPARE(*loaded, 2);
    QCOMPARE(house.status("org/b@1").state(), v1::MODEL_STATE_UNHEALTHY);
    std::string order;
    for (const auto& change : house.changes)
        if (change.to != v1::MODEL_STATE_UNHEALTHY)
            order += change.key.substr(4, 1) + (change.to == v1::MODEL_STATE_LOADED ? "! " : " ");
    QCOMPARE(order, std::string("c c! b a a! "));
}

void TestPreload::nothingToLoadIsDoneAtOnce() {
    WorkerHouse house;
    house.make();
    bool done = false;
    app::preload({}, house.manager(), house.executor(), [&](int) { done = true; });
    QVERIFY(done);
}

QTEST_GUILESS_MAIN(TestPreload)
#include "test_preload.moc"
