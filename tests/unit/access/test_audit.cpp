// The chain of the audit: what is changed, taken out or cut off is found; what cannot be written is not lost silently.
#include "engine/access/audit/audit_journal.h"
#include "engine/base/qt_executor.h"
#include "tests/support/manual_clock.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace mm;
using namespace mm::access;
using mm::test::ManualClock;

namespace {

namespace v1 = modelmora::v1;

AuditEntry entry(const std::string& action, const std::string& message = {}) {
    return {.at = WallTime(std::chrono::seconds(1'700'000'000)),
            .client = "app",
            .kind = "key",
            .role = "admin",
            .action = action,
            .target = "org/repo",
            .outcome = "done",
            .errorCode = {},
            .message = message};
}

struct House {
    QTemporaryDir folder;
    std::filesystem::path file = folder.filePath(QStringLiteral("audit.db")).toStdString();
    std::unique_ptr<AuditStore> store = std::move(AuditStore::open({file, WallTime()})).value();

    void append(int records) {
        for (int i = 0; i < records; ++i) {
            const AuditEntry one = entry("action-" + std::to_string(i));
            QVERIFY(store->append({&one, 1}).ok());
        }
    }
    // As somebody with a shell would, past the triggers.
    void tamper(const QString& sql) {
        const auto session = std::move(store::openDatabase({file, WallTime()})).value();
        QVERIFY(session->execute(QStringLiteral("DROP TRIGGER IF EXISTS audit_record_stays")).ok());
        QVERIFY(session->execute(QStringLiteral("DROP TRIGGER IF EXISTS audit_record_holds")).ok());
        const auto done = session->execute(sql);
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().message.c_str());
    }
};

} // namespace

class TestAudit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void recordsFollowEachOther();
    void tamperingIsFound_data();
    void tamperingIsFound();
    void theDatabaseItselfRefusesChanges();
    void twoWritersMakeOneChain();
    void controlCharactersAreWrittenOut();
    void listsAreFilteredAndBounded();
    void aFullDiskIsToldAndNothingIsLost();
};

void TestAudit::recordsFollowEachOther() {
    House house;
    QVERIFY(house.store->verify()->intact());
    house.append(20);
    const auto found = house.store->verify();
    QVERIFY(found->intact());
    QCOMPARE(found->records(), std::int64_t{20});
    const auto listed = house.store->list({});
    QCOMPARE(listed->records_size(), 20);
    QCOMPARE(listed->records(0).action(), std::string("action-19"));
    QCOMPARE(listed->records(0).hash(), found->head());
    QCOMPARE(listed->records(0).hash().size(), std::size_t{64});
}

void TestAudit::tamperingIsFound_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("brokenAt");
    QTest::newRow("a changed text") << "UPDATE audit_record SET client = 'nobody' WHERE number = 5" << 5;
    QTest::newRow("a changed time") << "UPDATE audit_record SET at = at + 1 WHERE number = 1" << 1;
    QTest::newRow("text moved between fields")
        << "UPDATE audit_record SET client = 'ap', kind = 'pkey' WHERE number = 5" << 5;
    QTest::newRow("a record taken out") << "DELETE FROM audit_record WHERE number = 5" << 5;
    QTest::newRow("the first ones taken out") << "DELETE FROM audit_record WHERE number < 4" << 1;
    QTest::newRow("the last ones cut off") << "DELETE FROM audit_record WHERE number > 8" << 9;
    QTest::newRow("a forged hash") << "UPDATE audit_record SET hash = replace(hash, 'a', 'b') WHERE number = 7" << 7;
    QTest::newRow("all of them") << "DELETE FROM audit_record" << 1;
}

void TestAudit::tamperingIsFound() {
    QFETCH(QString, sql);
    QFETCH(int, brokenAt);
    House house;
    house.append(10);
    house.tamper(sql);
    const auto found = house.store->verify();
    QVERIFY(!found->intact());
    QCOMPARE(static_cast<int>(found->broken_at()), brokenAt);
    QVERIFY(!found->reason().empty());
    // What is written after it does not heal it.
    house.append(1);
    QCOMPARE(static_cast<int>(house.store->verify()->broken_at()), brokenAt);
}

void TestAudit::theDatabaseItselfRefusesChanges() {
    House house;
    house.append(1);
    const auto session = std::move(store::openDatabase({house.file, WallTime()})).value();
    QVERIFY(!session->execute(QStringLiteral("DELETE FROM audit_record")).ok());
    QVERIFY(!session->execute(QStringLiteral("UPDATE audit_record SET client = 'x'")).ok());
}

void TestAudit::twoWritersMakeOneChain() {
    House house;
    const auto other = std::move(AuditStore::open({house.file, WallTime()})).value();
    for (int i = 0; i < 10; ++i) {
        const AuditEntry one = entry("turn");
        QVERIFY((i % 2 == 0 ? *house.store : *other).append({&one, 1}).ok());
    }
    QVERIFY(house.store->verify()->intact());
}

void TestAudit::controlCharactersAreWrittenOut() {
    AuditEntry wild = entry("x\ny", std::string(5000, 'm'));
    wild.client = "\x1b[31mroot\r\n2026 forged";
    const AuditEntry plain = harmless(wild);
    QCOMPARE(plain.client, std::string("\\x1b[31mroot\\x0d\\x0a2026 forged"));
    QCOMPARE(plain.action, std::string("x\\x0ay"));
    QVERIFY(plain.message.size() <= 1024);
}

void TestAudit::listsAreFilteredAndBounded() {
    House house;
    house.append(5);
    v1::ListAuditRequest request;
    request.set_before(4);
    request.set_limit(2);
    const auto listed = house.store->list(request);
    QCOMPARE(listed->records_size(), 2);
    QCOMPARE(listed->records(0).number(), std::int64_t{3});
    request.set_action("' OR 1=1 --");
    QCOMPARE(house.store->list(request)->records_size(), 0);
    request.set_limit(5000);
    QVERIFY(!house.store->list(request).ok());
}

void TestAudit::aFullDiskIsToldAndNothingIsLost() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("audit.db")).toStdString();
    ManualClock clock;
    QtExecutor engine;
    store::DatabaseOptions options{file, clock.wallNow()};
    (void)std::move(AuditStore::open(options)).value(); // as large as it is when it is new
    options.maxPages = 60;
    auto journal = std::move(AuditJournal::open(options, clock, engine)).value();
    int noted = 0;
    for (; journal->isWritable() && noted < 3000; ++noted) {
        journal->note(entry("fill", std::string(1000, 'x')));
        if (noted % 20 == 0) { // let it catch up
            bool isDone = false;
            journal->list({}, [&](const auto&) { isDone = true; });
            QTRY_VERIFY(isDone);
        }
    }
    QVERIFY(!journal->isWritable());
    journal->note(entry("after"));
    journal.reset();
    // There is room again: what waited was in memory, and the journal that had it is gone; what was written holds.
    options.maxPages = 0;
    auto store = std::move(AuditStore::open(options)).value();
    QVERIFY(store->verify()->intact());
    QVERIFY(store->verify()->records() > 0 && store->verify()->records() < noted);
}

QTEST_GUILESS_MAIN(TestAudit)
#include "test_audit.moc"
