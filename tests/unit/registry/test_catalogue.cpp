#include "engine/base/qt_executor.h"
#include "engine/registry/catalogue.h"
#include "engine/registry/files/file_url.h"
#include "tests/unit/registry/fixtures.h"

#include <QElapsedTimer>
#include <QTest>

#include <set>

using namespace mm::registry;
using mm::registry::test::await;
using mm::registry::test::request;

namespace {

// Keeps what the catalogue tells, as short lines.
class Recorder final : public CatalogueListener {
public:
    std::vector<std::string> lines;
    void modelRegistered(const EntryPtr& entry) override {
        lines.push_back("+" + entry->modelId + "@" + entry->version);
    }
    void modelUpdated(const EntryPtr& before, const EntryPtr& after) override {
        lines.push_back("~" + after->modelId + "@" + after->version + (before->current == after->current ? "" : "!"));
    }
    void modelRemoved(const EntryPtr& entry) override { lines.push_back("-" + entry->modelId + "@" + entry->version); }
};

} // namespace

class TestCatalogue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_catalogue.reset(); }
    void modelsSurviveARestart();
    void aLocalFolderIsReadyWhenItsFilesAreHashed();
    void aFolderBeingReadIsNotRegisteredTwice();
    void aWrongFolderRegistersNothing();
    void namesNearlyRightGetASuggestion();
    void idsResolveToTheCurrentANamedOrTheLatestVersion();
    void listsAreFilteredSortedAndPaged();
    void devicesAreThoseOfTheConfiguration();
    void updatesCountTheRevisionAndGuardAgainstLostOnes();
    void unconditionalUpdatesAtOnceBothCount();
    void versionsArePromotedDeprecatedAndDeleted();
    void listenersHearOfEveryChangeOnce();
    void aFullDatabaseIsSaidAndQuestionsAreStillAnswered();
    void aSecondEngineIsKeptOut();
    void aFolderThatCannotBeMadeIsNamed();
    void closingWhileAFolderIsReadIsSafe();
    void aThousandModelsArePagedThrough();

private:
    mm::Result<std::unique_ptr<Catalogue>> open(int maxPages = 0) {
        return Catalogue::open({test::path(m_folder->filePath(QStringLiteral("data"))), m_engine, m_clock, maxPages});
    }
    mm::Result<v1::Model> add(const v1::RegisterModelRequest& given) {
        return await<v1::Model>([&](auto reply) { m_catalogue->registerModel(given, reply); });
    }
    mm::Result<v1::Model> update(const v1::UpdateModelRequest& given) {
        return await<v1::Model>([&](auto reply) { m_catalogue->update(given, reply); });
    }
    v1::RegisterModelRequest folderRequest(const std::string& id, const std::string& version = "") {
        v1::RegisterModelRequest made = request(id, version);
        made.set_source_url(
            urlOfFolder(test::path(test::makeModelFolder(m_folder->filePath(QStringLiteral("a model"))))));
        return made;
    }

    mm::QtExecutor m_engine;
    test::FixedClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Catalogue> m_catalogue;
};

void TestCatalogue::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = open();
    QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
    m_catalogue = std::move(*opened);
}

void TestCatalogue::modelsSurviveARestart() {
    QVERIFY(add(folderRequest("org/repo", "v1.0.0")).ok());
    const auto before = m_catalogue->resolve("org/repo");
    m_catalogue.reset();
    m_catalogue = open().value();
    const auto after = m_catalogue->resolve("org/repo");
    QVERIFY(after.ok() && sameContent(**before, **after));
    QCOMPARE((*after)->files.size(), std::size_t{4});
}

void TestCatalogue::aLocalFolderIsReadyWhenItsFilesAreHashed() {
    const auto model = add(folderRequest("org/repo"));
    QVERIFY2(model.ok(), model.ok() ? "" : model.error().message.c_str());
    QCOMPARE(model->status(), std::string("ready"));
    QCOMPARE(model->architecture(), std::string("bert"));
    QVERIFY(model->current() && model->checksum().starts_with("sha256:") && model->total_bytes() > 0);
    QCOMPARE((*m_catalogue->resolve("org/repo"))->path, m_folder->filePath(QStringLiteral("a model")).toStdString());
    const auto plain = add(request("org/later"));
    QCOMPARE(plain->status(), std::string("registered"));
    QCOMPARE(add(request("org/later")).error().code, mm::ErrorCode::ModelAlreadyExists);
}

void TestCatalogue::aFolderBeingReadIsNotRegisteredTwice() {
    std::vector<mm::ErrorCode> refused;
    int accepted = 0;
    QEventLoop loop;
    const v1::RegisterModelRequest twice = folderRequest("org/repo"); // it writes the folder, so before that is read
    for (int i = 0; i < 2; ++i)
        m_catalogue->registerModel(twice, [&](mm::Result<v1::Model> model) {
            if (model.ok())
                ++accepted;
            else
                refused.push_back(model.error().code);
            if (accepted + static_cast<int>(refused.size()) == 2)
                loop.quit();
        });
    loop.exec();
    QCOMPARE(accepted, 1);
    QVERIFY(refused == std::vector{mm::ErrorCode::ModelAlreadyExists});
}

void TestCatalogue::aWrongFolderRegistersNothing() {
    v1::RegisterModelRequest wrong = request("org/repo");
    wrong.set_source_url("file:///nonexistent/folder");
    QCOMPARE(add(wrong).error().code, mm::ErrorCode::SourceNotFound);
    QVERIFY(!m_catalogue->resolve("org/repo").ok());
    wrong = folderRequest("org/repo");
    wrong.set_checksum("sha256:" + std::string(64, '0'));
    QCOMPARE(add(wrong).error().code, mm::ErrorCode::ChecksumMismatch);
    wrong.clear_checksum();
    QVERIFY(add(wrong).ok());
}

void TestCatalogue::namesNearlyRightGetASuggestion() {
    QVERIFY(add(request("sentence-transformers/all-MiniLM-L6-v2", "v2.2.2")).ok());
    const auto slip = m_catalogue->resolve("sentence-transformers/all-miniLM-L6-v2");
    QCOMPARE(slip.error().code, mm::ErrorCode::ModelNotFound);
    QVERIFY(slip.error().message.find("Did you mean 'sentence-transformers/all-MiniLM-L6-v2'?") != std::string::npos);
    const auto shortened = m_catalogue->resolve("all-MiniLM-L6-v2");
    QCOMPARE(shortened.error().code, mm::ErrorCode::InvalidModelId);
    QVERIFY(shortened.error().message.find("Did you mean 'sentence-transformers") != std::string::npos);
    const auto version = m_catalogue->resolve("sentence-transformers/all-MiniLM-L6-v2@v2.2.3");
    QCOMPARE(version.error().code, mm::ErrorCode::VersionNotFound);
    QCOMPARE(std::get<std::string>(version.error().facts.at("suggestion")), std::string("v2.2.2"));
    QVERIFY(!m_catalogue->resolve("").ok());
    QVERIFY(!m_catalogue->resolve(std::string(100'000, 'x')).ok());
    QVERIFY(!m_catalogue->resolve("sentence-transformers/all-MiniLM-L6-v2@").ok());
}

void TestCatalogue::idsResolveToTheCurrentANamedOrTheLatestVersion() {
    for (const char* version : {"v1.9.0", "v1.10.0", "main"})
        QVERIFY(add(request("a/b", version)).ok());
    QCOMPARE((*m_catalogue->resolve("a/b"))->version, std::string("v1.9.0"));
    QCOMPARE((*m_catalogue->resolve("a/b@main"))->version, std::string("main"));
    QCOMPARE((*m_catalogue->resolve("a/b@latest"))->version, std::string("v1.10.0"));
    v1::ListVersionsRequest list;
    list.set_model_id("a/b");
    QCOMPARE(m_catalogue->listVersions(list)->versions_size(), 3);
}

void TestCatalogue::listsAreFilteredSortedAndPaged() {
    for (const char* id : {"c/three", "a/one", "b/two"}) {
        v1::RegisterModelRequest made = request(id);
        if (std::string(id) == "b/two") {
            made.add_tags("fast");
            made.set_display_name("Ein Änderungsmodell");
            made.set_task_type(v1::TASK_TYPE_TXT2TXT);
        }
        QVERIFY(add(made).ok());
    }
    const auto ids = [this](const v1::ListModelsRequest& asked) {
        std::string text;
        const auto found = m_catalogue->list(asked);
        for (const v1::Model& model : found->models())
            text += model.model_id() + " ";
        return text + std::to_string(found->pagination().total()) + "/" +
               std::to_string(found->pagination().total_pages());
    };
    v1::ListModelsRequest all;
    QCOMPARE(ids(all), std::string("a/one b/two c/three 3/1"));
    v1::ListModelsRequest second;
    second.mutable_pagination()->set_page(2);
    second.mutable_pagination()->set_page_size(2);
    QCOMPARE(ids(second), std::string("c/three 3/2"));
    second.mutable_pagination()->set_page(2'000'000'000);
    QCOMPARE(ids(second), std::string("3/2"));
    v1::ListModelsRequest search;
    search.set_search("äNDER");
    QCOMPARE(ids(search), std::string("b/two 1/1"));
    v1::ListModelsRequest tagged;
    tagged.set_tag("fast");
    tagged.set_task_type(v1::TASK_TYPE_TXT2TXT);
    tagged.set_status("registered");
    QCOMPARE(ids(tagged), std::string("b/two 1/1"));
    tagged.set_status("ready");
    QCOMPARE(ids(tagged), std::string("0/0"));
}

void TestCatalogue::devicesAreThoseOfTheConfiguration() {
    for (const auto& [id, device] :
         {std::pair{"a/none", ""}, {"b/auto", "auto"}, {"c/cpu", "cpu"}, {"d/cuda", "cuda"}, {"e/one", "cuda:1"}}) {
        v1::RegisterModelRequest made = request(id);
        if (*device != 0)
            (*made.mutable_config()->mutable_fields())["device"].set_string_value(device);
        QVERIFY(add(made).ok());
    }
    const auto ids = [this](const char* device) {
        v1::ListModelsRequest asked;
        asked.set_device(device);
        std::string text;
        const auto found = m_catalogue->list(asked);
        for (const v1::Model& model : found->models())
            text += model.model_id() + " ";
        return text;
    };
    QCOMPARE(ids("auto"), std::string("a/none b/auto "));
    QCOMPARE(ids("cpu"), std::string("c/cpu "));
    QCOMPARE(ids("cuda"), std::string("d/cuda e/one "));
    QCOMPARE(ids("cuda:1"), std::string("e/one "));
    QCOMPARE(ids("cuda:0"), std::string());
}

void TestCatalogue::updatesCountTheRevisionAndGuardAgainstLostOnes() {
    QVERIFY(add(request("a/b")).ok());
    v1::UpdateModelRequest change;
    change.set_model_id("a/b");
    change.set_display_name("New");
    change.set_expected_revision(1);
    const auto updated = update(change);
    QVERIFY(updated.ok());
    QCOMPARE(updated->revision(), std::int64_t{2});
    QCOMPARE(updated->display_name(), std::string("New"));
    const auto stale = update(change);
    QCOMPARE(stale.error().code, mm::ErrorCode::RevisionConflict);
    change.set_expected_revision(0);
    (*change.mutable_config()->mutable_fields())["threads"].set_number_value(-1);
    QCOMPARE(update(change).error().fieldErrors.at(0).field, std::string("config.threads"));
    QCOMPARE((*m_catalogue->resolve("a/b"))->revision, std::int64_t{2});
}

void TestCatalogue::unconditionalUpdatesAtOnceBothCount() {
    QVERIFY(add(request("a/b")).ok());
    v1::UpdateModelRequest name;
    name.set_model_id("a/b");
    name.set_display_name("Name");
    v1::UpdateModelRequest text;
    text.set_model_id("a/b");
    text.set_description("Text");
    m_catalogue->update(name, [](mm::Result<v1::Model> done) { QVERIFY(done.ok()); });
    const auto both = update(text);
    QCOMPARE(both->display_name(), std::string("Name"));
    QCOMPARE(both->description(), std::string("Text"));
    QCOMPARE(both->revision(), std::int64_t{3});
}

void TestCatalogue::versionsArePromotedDeprecatedAndDeleted() {
    QVERIFY(add(request("a/b", "v1")).ok());
    QVERIFY(add(request("a/b", "v2")).ok());
    v1::PromoteVersionRequest promote;
    promote.set_model_id("a/b");
    QCOMPARE(await<v1::Model>([&](auto reply) { m_catalogue->promoteVersion(promote, reply); }).error().code,
             mm::ErrorCode::ValidationError);
    promote.set_version("v2");
    QVERIFY(await<v1::Model>([&](auto reply) { m_catalogue->promoteVersion(promote, reply); })->current());
    v1::DeprecateVersionRequest deprecate;
    deprecate.set_model_id("a/b");
    deprecate.set_version("v1");
    deprecate.set_reason("slower");
    QVERIFY(await<v1::Model>([&](auto reply) { m_catalogue->deprecateVersion(deprecate, reply); })->deprecated());
    v1::DeleteVersionRequest removal;
    removal.set_model_id("a/b");
    removal.set_version("v2");
    QCOMPARE(
        await<v1::DeleteVersionResponse>([&](auto reply) { m_catalogue->deleteVersion(removal, reply); }).error().code,
        mm::ErrorCode::VersionIsCurrent);
    removal.set_version("v1");
    QVERIFY(
        await<v1::DeleteVersionResponse>([&](auto reply) { m_catalogue->deleteVersion(removal, reply); })->deleted());
    QCOMPARE(m_catalogue->resolve("a/b@v1").error().code, mm::ErrorCode::VersionNotFound);
}

void TestCatalogue::listenersHearOfEveryChangeOnce() {
    Recorder heard;
    m_catalogue->addListener(heard);
    QVERIFY(add(request("a/b", "v1")).ok());
    QVERIFY(add(request("a/b", "v2")).ok());
    v1::PromoteVersionRequest promote;
    promote.set_model_id("a/b");
    promote.set_version("v2");
    QVERIFY(await<v1::Model>([&](auto reply) { m_catalogue->promoteVersion(promote, reply); }).ok());
    v1::DeleteModelRequest removal;
    removal.set_model_id("a/b");
    QVERIFY(await<v1::DeleteModelResponse>([&](auto reply) { m_catalogue->remove(removal, reply); })->deleted());
    const std::vector<std::string> expected{"+a/b@v1", "+a/b@v2", "~a/b@v1!", "~a/b@v2!", "-a/b@v1", "-a/b@v2"};
    QCOMPARE(heard.lines, expected);
    m_catalogue->removeListener(heard);
    QVERIFY(add(request("a/b")).ok());
    QCOMPARE(heard.lines.size(), expected.size());
}

void TestCatalogue::aFullDatabaseIsSaidAndQuestionsAreStillAnswered() {
    m_catalogue.reset();
    m_catalogue = open(40).value();
    int stored = 0;
    for (; stored < 10'000; ++stored) {
        v1::RegisterModelRequest large = request("org/model-" + std::to_string(stored));
        large.set_description(std::string(900, 'x'));
        const auto model = add(large);
        if (model.ok())
            continue;
        QCOMPARE(model.error().code, mm::ErrorCode::StorageFull);
        break;
    }
    QVERIFY(stored > 0 && stored < 10'000);
    QCOMPARE(static_cast<int>(m_catalogue->all().size()), stored);
    QVERIFY(m_catalogue->resolve("org/model-0").ok());
    v1::DeleteModelRequest removal;
    removal.set_model_id("org/model-0");
    QVERIFY(await<v1::DeleteModelResponse>([&](auto reply) { m_catalogue->remove(removal, reply); }).ok());
    QVERIFY(m_catalogue->healthy());
}

void TestCatalogue::aSecondEngineIsKeptOut() {
    const auto second = open();
    QVERIFY(!second.ok());
    QVERIFY(second.error().message.find("in use by another engine") != std::string::npos);
    m_catalogue.reset();
    QVERIFY(open().ok());
}

void TestCatalogue::aFolderThatCannotBeMadeIsNamed() {
    const auto nowhere = Catalogue::open({"/proc/nowhere/data", m_engine, m_clock});
    QVERIFY(!nowhere.ok());
    QVERIFY(nowhere.error().message.find("/proc/nowhere/data") != std::string::npos);
}

void TestCatalogue::closingWhileAFolderIsReadIsSafe() {
    int replies = 0;
    m_catalogue->registerModel(folderRequest("org/repo"), [&replies](mm::Result<v1::Model>) { ++replies; });
    m_catalogue->registerModel(request("org/other"), [&replies](mm::Result<v1::Model>) { ++replies; });
    m_catalogue.reset();
    QTRY_COMPARE(replies, 2);
    m_catalogue = open().value();
    QVERIFY2(m_catalogue->resolve("org/other").ok(), "a write under way is finished");
}

void TestCatalogue::aThousandModelsArePagedThrough() {
    QEventLoop loop;
    int replies = 0;
    for (int i = 0; i < 1000; ++i)
        m_catalogue->registerModel(request("org/model-" + std::to_string(i)), [&](mm::Result<v1::Model> model) {
            QVERIFY(model.ok());
            if (++replies == 1000)
                loop.quit();
        });
    loop.exec();
    v1::ListModelsRequest page;
    page.set_search("MODEL");
    page.mutable_pagination()->set_page_size(100);
    std::set<std::string> seen;
    QElapsedTimer timer;
    timer.start();
    for (int number = 1; number <= 10; ++number) {
        page.mutable_pagination()->set_page(number);
        const auto listed = m_catalogue->list(page);
        for (const v1::Model& model : listed->models())
            seen.insert(model.model_id());
    }
    qInfo("ten pages of a hundred of a thousand models: %lld us", static_cast<long long>(timer.nsecsElapsed() / 1000));
    QCOMPARE(seen.size(), std::size_t{1000});
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "test_catalogue.moc"
