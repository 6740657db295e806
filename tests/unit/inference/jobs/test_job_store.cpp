// What every JobStore promises, and what the SQLite one keeps over its own end.
#include "tests/unit/inference/jobs/fixtures.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

const WallTime kNow{std::chrono::seconds(1'760'000'000)};

Job sample(const std::string& id, const std::string& client = "c", const std::string& key = {}) {
    Job job = job_test::draft(client, key);
    job.id = id;
    job.createdAt = kNow;
    job.contentSha256 = "hash of " + id;
    job.inputsTotal = 20;
    job.pieces = 2;
    return job;
}

} // namespace

class TestJobStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aJobComesBackAsItWasKept();
    void whatIsUnknownIsNotFound();
    void keysBelongToTheirClients();
    void piecesAreCountedAndLaidOut();
    void aPieceEndsOnlyOnce();
    void endsAreFinal();
    void listsAreFilteredAndPaged();
    void unfinishedJobsComeBackAfterTheEnd();
    void expiryFollowsTheClock();
    void webhooksStayDueUntilNoted();
    void aFullDatabaseChangesNothing();
    void theSchemaGoesDownAndUpAgain();

private:
    void open(int maxPages = 0);
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<JobStore> m_store;
};

void TestJobStore::open(int maxPages) {
    m_store.reset();
    auto store = SqliteJobStore::open({job_test::pathIn(*m_folder, "modelmora.db"), kNow, maxPages});
    QVERIFY2(store.ok(), store.ok() ? "" : store.error().message.c_str());
    m_store = std::move(store).value();
}

void TestJobStore::init() {
    m_store.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    open();
}

void TestJobStore::aJobComesBackAsItWasKept() {
    Job job = sample("a", "client", "key");
    job.priority = v1::PRIORITY_CRITICAL;
    job.webhook.url = "https://example.org/";
    job.webhook.secret = "s3cret";
    job.payloadBytes = 77;
    QVERIFY(m_store->insert(job).ok());
    const auto found = m_store->get("a");
    QVERIFY2(found.ok(), found.ok() ? "" : found.error().message.c_str());
    QCOMPARE(found->client, job.client);
    QCOMPARE(found->modelKey, job.modelKey);
    QCOMPARE(found->modelId, job.modelId);
    QCOMPARE(found->status, v1::JOB_STATUS_QUEUED);
    QCOMPARE(found->priority, v1::PRIORITY_CRITICAL);
    QCOMPARE(found->contentSha256, job.contentSha256);
    QCOMPARE(found->inputsTotal, std::int64_t(20));
    QCOMPARE(found->pieces, 2);
    QCOMPARE(found->payloadBytes, std::int64_t(77));
    QVERIFY(found->keepFor == job.keepFor && found->createdAt == kNow && !found->startedAt && !found->expiresAt);
    QCOMPARE(found->webhook.secret, std::string("s3cret"));
    QVERIFY(!found->webhook.dueAt && !found->error);
    QVERIFY(toProto(*found).DebugString().find("s3cret") == std::string::npos);
}

void TestJobStore::whatIsUnknownIsNotFound() {
    QCOMPARE(m_store->get("x").error().code, ErrorCode::JobNotFound);
    QCOMPARE(m_store->startPiece("x", 0, kNow).error().code, ErrorCode::JobNotFound);
    QCOMPARE(m_store->complete("x", {}, kNow).error().code, ErrorCode::JobNotFound);
    QCOMPARE(m_store->end("x", v1::JOB_STATUS_FAILED, {}, kNow).error().code, ErrorCode::JobNotFound);
    QCOMPARE(m_store->remove("x").error().code, ErrorCode::JobNotFound);
}

void TestJobStore::keysBelongToTheirClients() {
    QVERIFY(m_store->insert(sample("a", "one", "k")).ok());
    QVERIFY(m_store->insert(sample("b", "two", "k")).ok());
    QVERIFY(m_store->insert(sample("c", "one", "")).ok());
    QVERIFY(m_store->insert(sample("d", "one", "")).ok());
    QCOMPARE((*m_store->findByKey("one", "k"))->id, std::string("a"));
    QCOMPARE((*m_store->findByKey("two", "k"))->id, std::string("b"));
    QVERIFY(!*m_store->findByKey("three", "k"));
    QVERIFY(!m_store->insert(sample("e", "one", "k")).ok());
}

void TestJobStore::piecesAreCountedAndLaidOut() {
    QVERIFY(m_store->insert(sample("a")).ok());
    QVERIFY(m_store->startPiece("a", 1, kNow).ok());
    QVERIFY(m_store->startPiece("a", 0, kNow + 1s).ok());
    QVERIFY(m_store->startPiece("a", 0, kNow + 2s).ok());
    QCOMPARE(m_store->get("a")->status, v1::JOB_STATUS_PROCESSING);
    QCOMPARE(m_store->get("a")->attempts, 2);
    QVERIFY(*m_store->get("a")->startedAt == kNow);
    QVERIFY(m_store->finishPiece("a", {1, 8, 100}, 10).ok());
    QCOMPARE(m_store->get("a")->inputsDone, std::int64_t(10));
    QVERIFY(m_store->returnPiece("a", 0).ok());
    const auto unfinished = m_store->loadUnfinished();
    QCOMPARE(unfinished->size(), std::size_t(1));
    QCOMPARE(unfinished->front().done.front().ends, std::int64_t(100));
    QCOMPARE(unfinished->front().started.front().piece, 0);
    QCOMPARE(unfinished->front().started.front().starts, 1);
    QVERIFY(m_store->finishPiece("a", {0, 100, 200}, 10).ok());
    QCOMPARE(m_store->pieces("a")->front().begins, std::int64_t(100));
}

void TestJobStore::aPieceEndsOnlyOnce() {
    QVERIFY(m_store->insert(sample("a")).ok());
    QVERIFY(m_store->startPiece("a", 0, kNow).ok());
    QVERIFY(m_store->finishPiece("a", {0, 8, 100}, 10).ok());
    QVERIFY(!m_store->finishPiece("a", {0, 100, 200}, 10).ok());
    QVERIFY(!m_store->finishPiece("a", {1, 100, 200}, 10).ok());
    QCOMPARE(m_store->get("a")->inputsDone, std::int64_t(10));
}

void TestJobStore::endsAreFinal() {
    for (const char* id : {"done", "failed", "cancelled"}) {
        QVERIFY(m_store->insert(sample(id)).ok());
        QVERIFY(m_store->startPiece(id, 0, kNow).ok());
    }
    v1::Error error;
    error.set_code("INVALID_INPUT");
    error.set_message("bad");
    const auto done = m_store->complete("done", {123, "abc"}, kNow + 1s);
    QVERIFY(*done->completedAt == kNow + 1s && *done->expiresAt == kNow + 1s + 1h);
    QCOMPARE(done->resultBytes, std::int64_t(123));
    QCOMPARE(m_store->end("failed", v1::JOB_STATUS_FAILED, error, kNow)->error->message(), std::string("bad"));
    QVERIFY(m_store->end("cancelled", v1::JOB_STATUS_CANCELLED, error, kNow).ok());
    for (const char* id : {"done", "failed", "cancelled"}) {
        const auto before = m_store->get(id)->status;
        QCOMPARE(m_store->startPiece(id, 1, kNow).error().code, ErrorCode::IllegalTransition);
        QCOMPARE(m_store->finishPiece(id, {0, 8, 9}, 1).error().code, ErrorCode::IllegalTransition);
        QCOMPARE(m_store->complete(id, {}, kNow).error().code, ErrorCode::IllegalTransition);
        QCOMPARE(m_store->end(id, v1::JOB_STATUS_CANCELLED, error, kNow).error().code, ErrorCode::IllegalTransition);
        QCOMPARE(m_store->get(id)->status, before);
    }
    QCOMPARE(*m_store->countUnfinished(), std::int64_t(0));
}

void TestJobStore::listsAreFilteredAndPaged() {
    for (int i = 0; i < 25; ++i) {
        Job job = sample("job-" + std::to_string(i), i % 2 == 0 ? "even" : "odd");
        job.modelId = i < 5 ? "a/b" : "c/d";
        job.modelKey = job.modelId + "@1";
        QVERIFY(m_store->insert(job).ok());
    }
    QVERIFY(m_store->end("job-3", v1::JOB_STATUS_FAILED, {}, kNow).ok());
    const auto all = m_store->list({});
    QCOMPARE(all->total, std::int64_t(25));
    QCOMPARE(all->jobs.size(), std::size_t(20));
    QCOMPARE(all->jobs.front().id, std::string("job-24"));
    QCOMPARE(m_store->list({{}, "", "", 2, 20})->jobs.size(), std::size_t(5));
    QCOMPARE(m_store->list({v1::JOB_STATUS_FAILED, "", "", 1, 20})->total, std::int64_t(1));
    QCOMPARE(m_store->list({{}, "a/b", "", 1, 20})->total, std::int64_t(5));
    QCOMPARE(m_store->list({{}, "a/b@1", "", 1, 20})->total, std::int64_t(5));
    QCOMPARE(m_store->list({{}, "a/b", "odd", 1, 20})->total, std::int64_t(2));
    QCOMPARE(m_store->list({{}, "' OR 1 --", "", 1, 20})->total, std::int64_t(0));
}

void TestJobStore::unfinishedJobsComeBackAfterTheEnd() {
    QVERIFY(m_store->insert(sample("first")).ok());
    QVERIFY(m_store->insert(sample("second")).ok());
    QVERIFY(m_store->insert(sample("over")).ok());
    QVERIFY(m_store->startPiece("second", 1, kNow).ok());
    QVERIFY(m_store->end("over", v1::JOB_STATUS_CANCELLED, {}, kNow).ok());
    open();
    const auto unfinished = m_store->loadUnfinished();
    QCOMPARE(unfinished->size(), std::size_t(2));
    QCOMPARE((*unfinished)[0].job.id, std::string("first"));
    QCOMPARE((*unfinished)[1].started.front().starts, 1);
}

void TestJobStore::expiryFollowsTheClock() {
    QVERIFY(m_store->insert(sample("a")).ok());
    QVERIFY(m_store->startPiece("a", 0, kNow).ok());
    QVERIFY(m_store->complete("a", {}, kNow).ok());
    QVERIFY(m_store->expired(kNow + 59min)->empty());
    QCOMPARE(m_store->expired(kNow + 1h)->size(), std::size_t(1));
    QVERIFY(m_store->markRemoved("a").ok());
    QVERIFY(m_store->expired(kNow + 1h)->empty());
    QCOMPARE(*m_store->forgetExpired(kNow + 59min), 0);
    QCOMPARE(*m_store->forgetExpired(kNow + 1h), 1);
    QCOMPARE(m_store->get("a").error().code, ErrorCode::JobNotFound);
}

void TestJobStore::webhooksStayDueUntilNoted() {
    Job job = sample("a");
    job.webhook.url = "http://x/";
    QVERIFY(m_store->insert(job).ok());
    QVERIFY(m_store->insert(sample("without")).ok());
    QVERIFY(m_store->pendingWebhooks()->empty());
    QVERIFY(m_store->end("a", v1::JOB_STATUS_FAILED, {}, kNow).ok());
    QVERIFY(m_store->end("without", v1::JOB_STATUS_FAILED, {}, kNow).ok());
    open();
    QCOMPARE(m_store->pendingWebhooks()->size(), std::size_t(1));
    Webhook webhook = m_store->pendingWebhooks()->front().webhook;
    webhook.attempts = 3;
    webhook.dueAt = kNow + 5s;
    webhook.lastError = "refused";
    QVERIFY(m_store->noteWebhook("a", webhook).ok());
    QVERIFY(*m_store->get("a")->webhook.dueAt == kNow + 5s);
    webhook.dueAt.reset();
    webhook.delivered = true;
    QVERIFY(m_store->noteWebhook("a", webhook).ok());
    QVERIFY(m_store->pendingWebhooks()->empty());
    QCOMPARE(m_store->get("a")->webhook.attempts, 3);
    QVERIFY(m_store->get("a")->webhook.delivered);
}

void TestJobStore::aFullDatabaseChangesNothing() {
    open(60);
    int kept = 0;
    for (; kept < 10'000; ++kept) {
        Job large = sample("job-" + std::to_string(kept));
        large.webhook.url = std::string(2000, 'u');
        const auto inserted = m_store->insert(large);
        if (inserted.ok())
            continue;
        QCOMPARE(inserted.error().code, ErrorCode::StorageFull);
        break;
    }
    QVERIFY(kept > 0 && kept < 10'000);
    QCOMPARE(*m_store->countUnfinished(), std::int64_t{kept});
    QVERIFY(m_store->remove("job-0").ok());
    QVERIFY(m_store->insert(sample("after")).ok());
}

void TestJobStore::theSchemaGoesDownAndUpAgain() {
    QVERIFY(m_store->insert(sample("a")).ok());
    m_store.reset();
    {
        auto session = store::SqliteSession::open(job_test::pathIn(*m_folder, "modelmora.db"),
                                                  store::SqliteSession::Access::ReadWrite);
        QVERIFY(store::migrateTo(**session, 3, kNow).ok());
    }
    open();
    QCOMPARE(m_store->list({})->total, std::int64_t(0));
    QVERIFY(m_store->insert(sample("b")).ok());
}

QTEST_GUILESS_MAIN(TestJobStore)
#include "test_job_store.moc"
