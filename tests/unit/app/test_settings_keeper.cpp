// Changes of settings: checked as flags are, kept across a start, below flags and above the file, in force at once only
// where somebody takes them.
#include "engine/app/settings_keeper/settings_keeper.h"
#include "engine/base/logs/log_control.h"
#include "engine/base/qt_executor.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace mm;
using namespace mm::app;

class TestSettingsKeeper : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void whatSomebodyTakesIsInForceAtOnce();
    void theRestWaitsForTheNextStart();
    void aResetGoesBackToTheFile();
    void aFlagStandsAbove();
    void wrongValuesGetTheSentenceOfFlags();
    void whatBelongsTogetherIsChangedTogether();
    void changesFollowEachOther();
    void whatCannotBeWrittenIsNotChanged();
    void aBrokenFileIsNamedWithItsLine();
    void theDataFolderCannotMove();
    void aFormatForTheLogIsNoLevelForIt();
    void changesAreTold();

private:
    [[nodiscard]] std::string folder() const { return m_dir->path().toStdString(); }
    [[nodiscard]] QString kept() const { return m_dir->filePath(QStringLiteral("settings.yaml")); }
    void put(const QString& name, const char* content) const {
        QFile target(m_dir->filePath(name));
        QVERIFY(target.open(QIODevice::WriteOnly) && target.write(content) >= 0);
    }
    Result<Settings> read(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.end(), {"--data-dir", folder()});
        CommandLine commandLine;
        return readSettings(arguments, {{"HOME", "/home/someone"}}, commandLine);
    }
    // The answer to one call.
    template <typename T>
    static Result<T> wait(const std::function<void(Reply<T>)>& call) {
        std::optional<Result<T>> answer;
        call([&](Result<T> result) { answer.emplace(std::move(result)); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }))
            qFatal("no answer");
        return std::move(*answer);
    }
    static v1::ChangeSettingsRequest asking(const std::vector<std::pair<std::string, std::string>>& changes) {
        v1::ChangeSettingsRequest request;
        for (const auto& [name, value] : changes) {
            request.add_changes()->set_name(name);
            request.mutable_changes()->rbegin()->set_value(value);
        }
        return request;
    }
    static Result<v1::ListSettingsResponse> change(SettingsKeeper& keeper,
                                                   const std::vector<std::pair<std::string, std::string>>& changes) {
        return wait<v1::ListSettingsResponse>([&](auto reply) { keeper.change(asking(changes), std::move(reply)); });
    }
    static v1::Setting one(SettingsKeeper& keeper, const std::string& name) {
        v1::ListSettingsRequest request;
        request.add_names(name);
        return wait<v1::ListSettingsResponse>([&](auto reply) { keeper.list(request, std::move(reply)); })->settings(0);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    QtExecutor m_thread;
};

void TestSettingsKeeper::whatSomebodyTakesIsInForceAtOnce() {
    SettingsKeeper keeper(*read(), m_thread);
    int taken = 0;
    keeper.give(TakenBy::Requests, [&](const Settings& now) { taken = now.maxWaiting; });
    const auto changed = change(keeper, {{"max-waiting", "7"}});
    QVERIFY(changed.ok());
    QCOMPARE(taken, 7);
    QCOMPARE(keeper.inForce().maxWaiting, 7);
    const v1::Setting& setting = changed->settings(0);
    QCOMPARE(setting.value(), std::string("7"));
    QCOMPARE(setting.origin(), std::string("changed"));
    QVERIFY(setting.applies_now() && setting.changed() && !setting.waits_for_restart());
    QCOMPARE(read()->maxWaiting, 7); // the next start
    QCOMPARE(read()->origins.at("max-waiting"), Origin::Changed);
}

void TestSettingsKeeper::theRestWaitsForTheNextStart() {
    SettingsKeeper keeper(*read(), m_thread);
    const auto changed = change(keeper, {{"grpc-max-streams", "5"}, {"threads", "3"}});
    QVERIFY(changed.ok());
    QCOMPARE(changed->waiting_for_restart(), 2);
    const v1::Setting setting = one(keeper, "threads");
    QCOMPARE(setting.value(), std::string("0"));
    QCOMPARE(setting.origin(), std::string("default"));
    QCOMPARE(setting.next_value(), std::string("3"));
    QCOMPARE(setting.next_origin(), std::string("changed"));
    QVERIFY(!setting.applies_now() && setting.waits_for_restart());
    QCOMPARE(keeper.inForce().threads, 0);
    QCOMPARE(readAgain(keeper.inForce())->threads, 3);
}

void TestSettingsKeeper::aResetGoesBackToTheFile() {
    put(QStringLiteral("engine.yaml"), "max-waiting: 5\n");
    SettingsKeeper keeper(*read({"--config", folder() + "/engine.yaml"}), m_thread);
    keeper.give(TakenBy::Requests, [](const Settings&) {});
    QVERIFY(change(keeper, {{"max-waiting", "9"}}).ok());
    QCOMPARE(keeper.inForce().maxWaiting, 9);
    const auto back = wait<v1::Setting>([&](auto reply) {
        v1::ResetSettingRequest request;
        request.set_name("max-waiting");
        keeper.reset(request, std::move(reply));
    });
    QVERIFY(back.ok());
    QCOMPARE(back->value(), std::string("5"));
    QCOMPARE(back->origin(), std::string("file"));
    QVERIFY(!back->changed());
    QCOMPARE(keeper.inForce().maxWaiting, 5);
    QVERIFY(!QFile::exists(kept()));
}

void TestSettingsKeeper::aFlagStandsAbove() {
    put(QStringLiteral("settings.yaml"), "threads: \"3\"\n");
    QCOMPARE(read()->threads, 3);
    SettingsKeeper keeper(*read({"--threads", "2"}), m_thread);
    QCOMPARE(keeper.inForce().threads, 2);
    const auto refused = change(keeper, {{"threads", "4"}, {"max-waiting", "7"}});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::ValidationError);
    QCOMPARE(refused.error().fieldErrors.front().field, std::string("threads"));
    QVERIFY(refused.error().message.find("set by the flag --threads") != std::string::npos);
    QVERIFY(!one(keeper, "threads").fixed().empty());
    QVERIFY(!one(keeper, "max-waiting").changed()); // all or none
}

void TestSettingsKeeper::wrongValuesGetTheSentenceOfFlags() {
    SettingsKeeper keeper(*read(), m_thread);
    const auto refused = change(keeper, {{"threads", "many"}, {"eviction-policy", "fifo"}});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().fieldErrors.size(), std::size_t(2));
    const auto flag = read({"--threads", "many"});
    for (const FieldError& problem : refused.error().fieldErrors)
        if (problem.field == "threads")
            QCOMPARE(problem.message, flag.error().fieldErrors.front().message);
    QVERIFY(!QFile::exists(kept()));
    const auto unknown = change(keeper, {{"thread", "1"}});
    QCOMPARE(unknown.error().code, ErrorCode::NotFound);
    QVERIFY(unknown.error().message.find("Did you mean 'threads'?") != std::string::npos);
}

void TestSettingsKeeper::whatBelongsTogetherIsChangedTogether() {
    SettingsKeeper keeper(*read(), m_thread);
    const auto half = change(keeper, {{"tls-certificate", "/c.pem"}});
    QVERIFY(!half.ok() && half.error().fieldErrors.empty());
    QVERIFY(half.error().message.find("belong together") != std::string::npos);
    const auto unreadable = change(keeper, {{"tls-certificate", "/c.pem"}, {"tls-key", "/k.pem"}});
    QVERIFY(unreadable.error().message.find("/c.pem") != std::string::npos); // the next start would not find it either
    QVERIFY(change(keeper, {{"access", "on"}, {"jwt-issuer", "https://issuer.example"}}).ok());
}

void TestSettingsKeeper::changesFollowEachOther() {
    SettingsKeeper keeper(*read(), m_thread);
    int answers = 0;
    for (int i = 1; i <= 5; ++i)
        keeper.change(asking({{"max-waiting", std::to_string(i)}, {i % 2 ? "ageing" : "max-jobs", std::to_string(i)}}),
                      [&](const auto& done) { answers += done.ok() ? 1 : 0; });
    QVERIFY(QTest::qWaitFor([&] { return answers == 5; }));
    const Settings next = *readAgain(keeper.inForce());
    QCOMPARE(next.maxWaiting, 5);
    QCOMPARE(next.ageing, std::chrono::seconds(5));
    QCOMPARE(next.maxJobs, 4);
}

void TestSettingsKeeper::whatCannotBeWrittenIsNotChanged() {
    SettingsKeeper keeper(*read(), m_thread);
    keeper.give(TakenBy::Requests, [](const Settings&) {});
    QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("settings.yaml/in-the-way")));
    const auto refused = change(keeper, {{"max-waiting", "7"}});
    QCOMPARE(refused.error().code, ErrorCode::StorageFailed);
    QCOMPARE(keeper.inForce().maxWaiting, 10000);
    QVERIFY(!one(keeper, "max-waiting").changed());
}

void TestSettingsKeeper::aBrokenFileIsNamedWithItsLine() {
    put(QStringLiteral("settings.yaml"), "max-waiting: \"7\"\nthreads: many\n");
    auto refused = read();
    QVERIFY(refused.error().message.find("settings.yaml:2: 'many' is not a whole number") != std::string::npos);
    QVERIFY(refused.error().message.find("remove a line or the whole file") != std::string::npos);
    put(QStringLiteral("settings.yaml"), "a: [\n");
    refused = read();
    QVERIFY(refused.error().message.find("settings.yaml:") != std::string::npos);
    QVERIFY(refused.error().message.find("remove a line or the whole file") != std::string::npos);
}

void TestSettingsKeeper::theDataFolderCannotMove() {
    CommandLine commandLine;
    SettingsKeeper keeper(*readSettings({}, {{"HOME", folder()}}, commandLine), m_thread);
    const auto refused = change(keeper, {{"data-dir", "/elsewhere"}});
    QVERIFY(refused.error().message.find("kept in that folder") != std::string::npos);
    put(QStringLiteral("settings.yaml"), "data-dir: /elsewhere\n");
    QVERIFY(read().error().message.find("data-dir cannot be changed here") != std::string::npos);
}

// The level may be another for the time being, and stays that.
void TestSettingsKeeper::aFormatForTheLogIsNoLevelForIt() {
    SettingsKeeper keeper(*read(), m_thread);
    int levels = 0;
    int formats = 0;
    keeper.give(TakenBy::LogLevel, [&](const Settings&) { ++levels; });
    keeper.give(TakenBy::LogFormat, [&](const Settings&) { ++formats; });
    QVERIFY(change(keeper, {{"log-format", "json"}}).ok());
    QCOMPARE(formats, 1);
    QCOMPARE(levels, 0);
    QVERIFY(change(keeper, {{"log-level", "info"}}).ok()); // also where it is the same as before
    QCOMPARE(levels, 1);
}

void TestSettingsKeeper::changesAreTold() {
    SettingsKeeper keeper(*read(), m_thread);
    std::vector<std::string> told;
    keeper.setListener(
        [&](const std::set<std::string>& names) { told.insert(told.end(), names.begin(), names.end()); });
    QVERIFY(change(keeper, {{"threads", "3"}, {"max-waiting", "7"}}).ok());
    QCOMPARE(told, (std::vector<std::string>{"max-waiting", "threads"}));
    QVERIFY(!change(keeper, {{"threads", "many"}}).ok());
    QCOMPARE(told.size(), std::size_t(2));
    QVERIFY(wait<v1::Setting>([&](auto reply) {
                v1::ResetSettingRequest request;
                request.set_name("threads");
                keeper.reset(request, std::move(reply));
            }).ok());
    QCOMPARE(told.size(), std::size_t(3));
}

QTEST_GUILESS_MAIN(TestSettingsKeeper)
#include "test_settings_keeper.moc"
