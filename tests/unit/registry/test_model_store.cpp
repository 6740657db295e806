// The contract of ModelStore, run against every implementation listed in makers().
#include "engine/registry/store/model_store.h"
#include "engine/registry/store/sqlite_store.h"
#include "tests/unit/registry/fixtures.h"

#include <QTest>

using namespace mm::registry;
using mm::registry::test::entry;

namespace {

const mm::WallTime kNow{std::chrono::seconds(1'760'000'000)};
const mm::WallTime kLater = kNow + std::chrono::seconds(5);

using Maker = std::function<mm::Result<std::unique_ptr<ModelStore>>(const std::filesystem::path& folder)>;
const std::map<QByteArray, Maker>& makers() {
    static const std::map<QByteArray, Maker> all{
        {"sqlite",
         [](const std::filesystem::path& folder) -> mm::Result<std::unique_ptr<ModelStore>> {
             MM_TRY(auto store, SqliteStore::open({folder / "models.db", kNow}));
             return std::unique_ptr<ModelStore>(std::move(store));
         }},
    };
    return all;
}

} // namespace

class TestModelStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFieldSurvivesBeingStoredAndOpenedAgain_data() { variants(); }
    void everyFieldSurvivesBeingStoredAndOpenedAgain();
    void theFirstVersionIsCurrentAndLaterOnesAreNot_data() { variants(); }
    void theFirstVersionIsCurrentAndLaterOnesAreNot();
    void aVersionIsUniqueAndKeepsTheTask_data() { variants(); }
    void aVersionIsUniqueAndKeepsTheTask();
    void aStaleRevisionChangesNothing_data() { variants(); }
    void aStaleRevisionChangesNothing();
    void ofTwoStoresWithOneRevisionOnlyOneWins_data() { variants(); }
    void ofTwoStoresWithOneRevisionOnlyOneWins();
    void theCurrentVersionIsNeitherDeletedNorDeprecated_data() { variants(); }
    void theCurrentVersionIsNeitherDeletedNorDeprecated();
    void promotingMovesTheCurrentMarkAndLiftsADeprecation_data() { variants(); }
    void promotingMovesTheCurrentMarkAndLiftsADeprecation();
    void removingAModelRemovesAllOfIt_data() { variants(); }
    void removingAModelRemovesAllOfIt();
    void idsAreCaseSensitive_data() { variants(); }
    void idsAreCaseSensitive();
    void measuredLoadsAreKeptByDeviceAndDtypeUntilTheirVersionGoes_data() { variants(); }
    void measuredLoadsAreKeptByDeviceAndDtypeUntilTheirVersionGoes();

private:
    static void variants() {
        QTest::addColumn<QByteArray>("name");
        for (const auto& [name, maker] : makers())
            QTest::newRow(name.constData()) << name;
    }
    // A store in a folder of this test's own; opening again sees the same models.
    std::unique_ptr<ModelStore> open() {
        QFETCH(QByteArray, name);
        auto store = makers().at(name)(test::path(m_folder->path()));
        if (!store.ok())
            qFatal("%s", store.error().message.c_str());
        return std::move(*store);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
};

void TestModelStore::everyFieldSurvivesBeingStoredAndOpenedAgain() {
    ModelEntry full = entry("org/repo", "v1.0.0");
    full.displayName = "Náme 'with' \"quotes\"; DROP TABLE model;--";
    full.description = "line\nline 🐙";
    full.status = ModelStatus::Ready;
    full.statusMessage = "fine";
    full.sourceUrl = "file:///srv/x";
    full.path = "/srv/x";
    (*full.config.mutable_fields())["dtype"].set_string_value("bf16");
    (*full.config.mutable_fields())["list"].mutable_list_value()->add_values()->set_number_value(0.1);
    full.resources.set_memory_mb(512);
    full.resources.set_cpu_threads(2);
    full.tags = {"a", "b"};
    full.files = {{"a/b.json", 3, std::string(64, '0')}, {"z", 5'000'000'000, std::string(64, 'f')}};
    full.totalBytes = 5'000'000'003;
    full.checksum = "sha256:" + std::string(64, 'a');
    full.architecture = "bert";
    const auto stored = open()->insertVersion(full, kNow);
    QVERIFY2(stored.ok(), stored.ok() ? "" : stored.error().message.c_str());

    const auto loaded = open()->loadAll();
    QVERIFY(loaded.ok());
    QCOMPARE(loaded->size(), std::size_t{1});
    const ModelEntry& back = *loaded->at(0).versions.at(0);
    full.current = true;
    QVERIFY(sameContent(back, full));
    QVERIFY(back.files == full.files);
    QVERIFY(back.createdAt == kNow && back.updatedAt == kNow);
    QCOMPARE(back.revision, std::int64_t{1});
}

void TestModelStore::theFirstVersionIsCurrentAndLaterOnesAreNot() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    const auto model = store->insertVersion(entry("a/b", "v2.0.0"), kLater);
    QVERIFY(model.ok());
    QCOMPARE(model->versions.size(), std::size_t{2});
    QCOMPARE(model->current()->version, std::string("main"));
    QCOMPARE(model->latest()->version, std::string("v2.0.0"));
    QCOMPARE(model->current()->revision, std::int64_t{2});
}

void TestModelStore::aVersionIsUniqueAndKeepsTheTask() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    const auto again = store->insertVersion(entry("a/b", "main"), kNow);
    QVERIFY(!again.ok());
    QCOMPARE(again.error().code, mm::ErrorCode::ModelAlreadyExists);
    ModelEntry other = entry("a/b", "v2.0.0");
    other.task = modelmora::v1::TASK_TYPE_TXT2TXT;
    const auto otherTask = store->insertVersion(other, kNow);
    QVERIFY(!otherTask.ok());
    QCOMPARE(otherTask.error().fieldErrors.at(0).field, std::string("task_type"));
    QCOMPARE(store->loadAll()->at(0).versions.size(), std::size_t{1});
}

void TestModelStore::aStaleRevisionChangesNothing() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    QVERIFY(store->updateVersion({"a/b", "main", 1}, Patch{.displayName = "Second"}, kLater).ok());
    const auto stale = store->updateVersion({"a/b", "main", 1}, Patch{.displayName = "Third"}, kLater);
    QVERIFY(!stale.ok());
    QCOMPARE(stale.error().code, mm::ErrorCode::RevisionConflict);
    QCOMPARE(std::get<std::int64_t>(stale.error().facts.at("revision")), std::int64_t{2});
    QCOMPARE(std::get<std::int64_t>(stale.error().facts.at("expected_revision")), std::int64_t{1});
    const auto models = store->loadAll();
    QCOMPARE(models->at(0).current()->displayName, std::string("Second"));
    QVERIFY(models->at(0).current()->createdAt == kNow && models->at(0).current()->updatedAt == kLater);
}

void TestModelStore::ofTwoStoresWithOneRevisionOnlyOneWins() {
    const auto first = open();
    const auto second = open();
    QVERIFY(first->insertVersion(entry("a/b", "main"), kNow).ok());
    QVERIFY(second->updateVersion({"a/b", "main", 1}, Patch{.description = "second"}, kLater).ok());
    const auto lost = first->updateVersion({"a/b", "main", 1}, Patch{.description = "first"}, kLater);
    QVERIFY(!lost.ok());
    QCOMPARE(lost.error().code, mm::ErrorCode::RevisionConflict);
    QCOMPARE(first->loadAll()->at(0).current()->description, std::string("second"));
}

void TestModelStore::theCurrentVersionIsNeitherDeletedNorDeprecated() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    QVERIFY(store->insertVersion(entry("a/b", "old"), kNow).ok());
    QCOMPARE(store->removeVersion({"a/b", "main"}, kNow).error().code, mm::ErrorCode::VersionIsCurrent);
    QCOMPARE(store->deprecateVersion({"a/b", "main"}, "x", kNow).error().code, mm::ErrorCode::VersionIsCurrent);
    const auto deprecated = store->deprecateVersion({"a/b", "old"}, "worse", kNow);
    QVERIFY(deprecated.ok() && deprecated->find("old")->deprecated);
    QCOMPARE(deprecated->find("old")->deprecationReason, std::string("worse"));
    const auto left = store->removeVersion({"a/b", "old"}, kNow);
    QVERIFY(left.ok() && left->versions.size() == 1);
    QCOMPARE(store->removeVersion({"a/b", "old"}, kNow).error().code, mm::ErrorCode::VersionNotFound);
    QCOMPARE(store->removeVersion({"a/c", "old"}, kNow).error().code, mm::ErrorCode::ModelNotFound);
}

void TestModelStore::promotingMovesTheCurrentMarkAndLiftsADeprecation() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    QVERIFY(store->insertVersion(entry("a/b", "next"), kNow).ok());
    QVERIFY(store->deprecateVersion({"a/b", "next"}, "not yet", kNow).ok());
    const auto model = store->promoteVersion({"a/b", "next"}, kLater);
    QVERIFY(model.ok());
    QVERIFY(!model->find("main")->current && model->find("next")->current && !model->find("next")->deprecated);
    ModelEntry broken = entry("a/b", "broken");
    broken.status = ModelStatus::Failed;
    QVERIFY(store->insertVersion(broken, kNow).ok());
    QCOMPARE(store->promoteVersion({"a/b", "broken"}, kNow).error().code, mm::ErrorCode::IllegalTransition);
}

void TestModelStore::removingAModelRemovesAllOfIt() {
    const auto store = open();
    ModelEntry full = entry("a/b", "main");
    full.files = {{"x", 1, std::string(64, '0')}};
    full.tags = {"t"};
    QVERIFY(store->insertVersion(full, kNow).ok());
    QVERIFY(store->insertVersion(entry("a/b", "v2"), kNow).ok());
    QVERIFY(store->removeModel("a/b", 0).ok());
    QVERIFY(store->loadAll()->empty());
    QCOMPARE(store->removeModel("a/b", 0).error().code, mm::ErrorCode::ModelNotFound);
    const auto fresh = store->insertVersion(entry("a/b", "main"), kNow);
    QVERIFY(fresh.ok() && fresh->current()->files.empty() && fresh->current()->tags.empty());
}

void TestModelStore::idsAreCaseSensitive() {
    const auto store = open();
    QVERIFY(store->insertVersion(entry("A/b", "main"), kNow).ok());
    QVERIFY(store->insertVersion(entry("a/b", "main"), kNow).ok());
    QCOMPARE(store->loadAll()->size(), std::size_t{2});
}

void TestModelStore::measuredLoadsAreKeptByDeviceAndDtypeUntilTheirVersionGoes() {
    MeasuredLoad load{"org/m", "v1", "cpu", "fp32", 1, 2, 3, 4, 5, 6, 7.5, 8, kNow, kLater};
    {
        const auto store = open();
        QCOMPARE(store->putMeasuredLoad(load).error().code, mm::ErrorCode::VersionNotFound);
        QVERIFY(store->insertVersion(entry("org/m", "v1"), kNow).ok());
        QVERIFY(store->insertVersion(entry("org/m", "v2"), kNow).ok());
        QVERIFY(store->putMeasuredLoad(load).ok());
        load.measuredBytes = 20;
        QVERIFY(store->putMeasuredLoad(load).ok()); // again, instead
        load.dtype = "bf16";
        QVERIFY(store->putMeasuredLoad(load).ok());
        load.version = "v2";
        load.loadMs = -1; // nonsense is kept as nothing
        QVERIFY(store->putMeasuredLoad(load).ok());
    }
    const auto store = open();
    const std::vector<MeasuredLoad> kept = store->loadMeasuredLoads().value();
    QCOMPARE(kept.size(), std::size_t{3});
    const MeasuredLoad& one = kept[1];
    QCOMPARE(one.modelId + one.version + one.device + one.dtype, std::string("org/mv1cpufp32"));
    QCOMPARE(one.predictedBytes, 1);
    QCOMPARE(one.measuredBytes, 20);
    QCOMPARE(one.deviceBytes, 3);
    QCOMPARE(one.weightsBytes, 4);
    QCOMPARE(one.peakBytes, 5);
    QCOMPARE(one.activationBytes, 6);
    QCOMPARE(one.loadMs, 7.5);
    QCOMPARE(one.uses, 8);
    QVERIFY(one.lastUsedAt == kNow && one.updatedAt == kLater);
    QCOMPARE(kept[2].loadMs, 0.0);

    QVERIFY(store->promoteVersion({"org/m", "v2"}, kLater).ok());
    QVERIFY(store->removeVersion({"org/m", "v1"}, kLater).ok());
    QCOMPARE(store->loadMeasuredLoads()->size(), std::size_t{1});
    QVERIFY(store->removeModel("org/m", 0).ok());
    QVERIFY(store->loadMeasuredLoads()->empty());
}

QTEST_GUILESS_MAIN(TestModelStore)
#include "test_model_store.moc"
