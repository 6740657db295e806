#include "engine/registry/store/sqlite_store.h"
#include "engine/store/database_check.h"
#include "engine/store/migrations.h"
#include "tests/unit/registry/fixtures.h"

#include <QTest>

using namespace mm::registry;
using namespace mm::store;
using mm::registry::test::entry;
using mm::registry::test::hashOf;

namespace {
const mm::WallTime kNow{std::chrono::seconds(1'760'000'000)};
}

class TestSqliteStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void migrationsGoDownAndUpAgainAndKeepTheModels();
    void theLastMigrationDownLeavesAnEmptyDatabase();
    void aFileThatIsNotOursIsRefusedAndLeftUntouched_data();
    void aFileThatIsNotOursIsRefusedAndLeftUntouched();
    void aNewerSchemaIsRefusedAndLeftUntouched();
    void aNewerSchemaInTheLogIsRefusedAndLeftUntouched();
    void theLogOfACrashIsRecovered();
    void aFullDatabaseLosesNothingAndGoesOn();
    void foreignKeysAreEnforced();
    void aDatabaseWithoutMeasurementsIsMigratedAndBackWithoutThem();

private:
    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("modelmora.db")); }
    mm::Result<std::unique_ptr<SqliteStore>> open(int maxPages = 0) const {
        return SqliteStore::open({test::path(file()), kNow, maxPages});
    }
    void fill(int models) const;
    // Opening fails with StorageDamaged and `reason`, and changes no byte of any file.
    void expectRefused(const QString& reason) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSqliteStore::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestSqliteStore::fill(int models) const {
    const auto store = open();
    QVERIFY(store.ok());
    for (int i = 0; i < models; ++i)
        QVERIFY((*store)->insertVersion(entry("org/model-" + std::to_string(i), "main"), kNow).ok());
}

void TestSqliteStore::expectRefused(const QString& reason) const {
    const QByteArray before = hashOf(file());
    const QByteArray logBefore = hashOf(file() + QStringLiteral("-wal"));
    const auto store = open();
    QVERIFY(!store.ok());
    QCOMPARE(store.error().code, mm::ErrorCode::StorageDamaged);
    const QString message = QString::fromStdString(store.error().message);
    QVERIFY2(message.contains(file()) && message.contains(reason), qPrintable(message));
    QCOMPARE(hashOf(file()), before);
    QCOMPARE(hashOf(file() + QStringLiteral("-wal")), logBefore);
}

void TestSqliteStore::migrationsGoDownAndUpAgainAndKeepTheModels() {
    fill(3);
    auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QVERIFY(session.ok());
    QCOMPARE(*schemaVersion(**session), newestSchema());
    QVERIFY(migrateTo(**session, 1, kNow).ok());
    QCOMPARE(*schemaVersion(**session), 1);
    const QString count = QStringLiteral("SELECT count(*) FROM sqlite_master WHERE name = 'model_version_current'");
    QCOMPARE((*session)->pragma(count)->toInt(), 0);
    session->reset();
    const auto store = open();
    QVERIFY(store.ok());
    QCOMPARE((*store)->loadAll()->size(), std::size_t{3});
    session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QCOMPARE((*session)->pragma(count)->toInt(), 1);
}

void TestSqliteStore::theLastMigrationDownLeavesAnEmptyDatabase() {
    fill(1);
    auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QVERIFY(migrateTo(**session, 0, kNow).ok());
    const QString rest = QStringLiteral("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite%'");
    QCOMPARE((*session)->pragma(rest)->toInt(), 1); // schema_version itself
    session->reset();
    QVERIFY((*open())->loadAll()->empty());
}

void TestSqliteStore::aFileThatIsNotOursIsRefusedAndLeftUntouched_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* kind, const char* reason) {
        QTest::newRow(kind) << QString::fromLatin1(kind) << QString::fromLatin1(reason);
    };
    row("random bytes", "is not a SQLite database");
    row("a short text", "is not a SQLite database");
    row("another program's database", "of another program");
    row("truncated to half", "is damaged");
    row("overwritten in the middle", "is damaged");
    row("a folder", "is not a regular file");
    row("a log without its database", "its log");
}

void TestSqliteStore::aFileThatIsNotOursIsRefusedAndLeftUntouched() {
    QFETCH(QString, kind);
    QFETCH(QString, reason);
    if (kind == QStringLiteral("random bytes")) {
        test::write(file(), QByteArray(8192, '\x5a'));
    } else if (kind == QStringLiteral("a short text")) {
        test::write(file(), "hello");
    } else if (kind == QStringLiteral("another program's database")) {
        auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
        QVERIFY((*session)->pragma(QStringLiteral("CREATE TABLE model (id INTEGER)")).ok());
    } else if (kind == QStringLiteral("a folder")) {
        QVERIFY(QDir().mkpath(file()));
    } else if (kind == QStringLiteral("a log without its database")) {
        test::write(file() + QStringLiteral("-wal"), "something");
    } else {
        fill(200);
        QByteArray bytes = test::read(file());
        QVERIFY(bytes.size() > 8 * 4096);
        if (kind == QStringLiteral("truncated to half"))
            bytes.truncate(bytes.size() / 2);
        else
            bytes.replace(4096, bytes.size() - 8192, QByteArray(bytes.size() - 8192, '\x5a'));
        test::write(file(), bytes);
    }
    expectRefused(reason);
}

void TestSqliteStore::aNewerSchemaIsRefusedAndLeftUntouched() {
    fill(1);
    {
        auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
        QVERIFY((*session)->pragma(QStringLiteral("INSERT INTO schema_version VALUES (999, 'future', 0)")).ok());
    }
    expectRefused(QStringLiteral("has schema 999"));
}

void TestSqliteStore::aNewerSchemaInTheLogIsRefusedAndLeftUntouched() {
    fill(1);
    QTemporaryDir crashed;
    {
        auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
        QVERIFY((*session)->pragma(QStringLiteral("INSERT INTO schema_version VALUES (999, 'future', 0)")).ok());
        // What a killed program leaves behind: the change is in the log alone.
        for (const char* suffix : {"", "-wal"})
            QVERIFY(QFile::copy(file() + QString::fromLatin1(suffix),
                                crashed.filePath(QStringLiteral("modelmora.db")) + QString::fromLatin1(suffix)));
    }
    m_folder = std::make_unique<QTemporaryDir>();
    for (const char* suffix : {"", "-wal"})
        QVERIFY(QFile::copy(crashed.filePath(QStringLiteral("modelmora.db")) + QString::fromLatin1(suffix),
                            file() + QString::fromLatin1(suffix)));
    expectRefused(QStringLiteral("has schema 999"));
}

void TestSqliteStore::theLogOfACrashIsRecovered() {
    QTemporaryDir crashed;
    const QString copy = crashed.filePath(QStringLiteral("modelmora.db"));
    {
        const auto store = open();
        QVERIFY((*store)->insertVersion(entry("a/b", "main"), kNow).ok());
        for (const char* suffix : {"", "-wal"})
            QVERIFY(QFile::copy(file() + QString::fromLatin1(suffix), copy + QString::fromLatin1(suffix)));
    }
    QVERIFY(QFileInfo(copy + QStringLiteral("-wal")).size() > 0);
    const auto store = SqliteStore::open({test::path(copy), kNow});
    QVERIFY2(store.ok(), store.ok() ? "" : store.error().message.c_str());
    QCOMPARE((*store)->loadAll()->size(), std::size_t{1});
}

void TestSqliteStore::aFullDatabaseLosesNothingAndGoesOn() {
    const auto store = open(100);
    QVERIFY2(store.ok(), store.ok() ? "" : store.error().message.c_str());
    int stored = 0;
    for (; stored < 10'000; ++stored) {
        ModelEntry large = entry("org/model-" + std::to_string(stored), "main");
        large.description = std::string(900, 'x');
        const auto inserted = (*store)->insertVersion(large, kNow);
        if (inserted.ok())
            continue;
        QCOMPARE(inserted.error().code, mm::ErrorCode::StorageFull);
        break;
    }
    QVERIFY(stored > 0 && stored < 10'000);
    QVERIFY((*store)->check().ok());
    QCOMPARE((*store)->loadAll()->size(), static_cast<std::size_t>(stored));
    QVERIFY((*store)->removeModel("org/model-0", 0).ok());
    QVERIFY((*store)->insertVersion(entry("org/after", "main"), kNow).ok());
}

void TestSqliteStore::foreignKeysAreEnforced() {
    fill(1);
    const auto store = open();
    auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QVERIFY((*session)->pragma(QStringLiteral("PRAGMA foreign_keys = ON")).ok());
    QVERIFY(!(*session)->pragma(QStringLiteral("INSERT INTO model_tag (model_version_id, tag) VALUES (99, 'x')")).ok());
}

void TestSqliteStore::aDatabaseWithoutMeasurementsIsMigratedAndBackWithoutThem() {
    fill(1);
    constexpr int kBefore = 2;
    auto session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QVERIFY(migrateTo(**session, kBefore, kNow).ok());
    session->reset();
    {
        const auto store = open();
        QVERIFY2(store.ok(), store.ok() ? "" : store.error().message.c_str());
        QVERIFY((*store)->loadMeasuredLoads()->empty());
        MeasuredLoad load;
        load.modelId = "org/model-0";
        load.version = "main";
        QVERIFY((*store)->putMeasuredLoad(load).ok());
    }
    session = SqliteSession::open(test::path(file()), SqliteSession::Access::ReadWrite);
    QCOMPARE(*schemaVersion(**session), newestSchema());
    QVERIFY(migrateTo(**session, kBefore, kNow).ok());
    session->reset();
    const auto store = open();
    QCOMPARE((*store)->loadAll()->size(), std::size_t{1});
    QVERIFY((*store)->loadMeasuredLoads()->empty());
}

QTEST_GUILESS_MAIN(TestSqliteStore)
#include "test_sqlite_store.moc"
