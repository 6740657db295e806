// What the rules of jobs decide, as tables: states, options, what a piece's error leads to, which piece goes next.
#include "engine/inference/jobs/job_admission.h"
#include "engine/inference/jobs/job_lanes.h"
#include "engine/inference/jobs/piece_verdict.h"

#include <QTest>

#include <set>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

const WallTime kNow{std::chrono::hours(1000)};

Job jobIn(v1::JobStatus status) {
    Job job;
    job.id = "the-job";
    job.inputsTotal = 10;
    job.status = status;
    return job;
}

// "a0 b0" …: what is taken, in order, until nothing more may be.
QString takeAll(JobLanes& lanes) {
    QStringList taken;
    while (const auto piece = lanes.takeNext())
        taken += QString::fromStdString(piece->job) + QString::number(piece->piece);
    return taken.join(QLatin1Char(' '));
}

} // namespace

class TestJobRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheseStatesFollowOneAnother();
    void aResultIsGivenOnlyOfWhatIsCompleteAndKept();
    void optionsAreRefusedByName_data();
    void optionsAreRefusedByName();
    void unsetOptionsTakeWhatTheEngineIsSet();
    void errorsLeadToTheNextStep_data();
    void errorsLeadToTheNextStep();
    void pausesGrowUpToABound();
    void higherPrioritiesGoFirst();
    void aLaneHasOnlySoManyPiecesUnderWay();
    void oneClientsLargeJobHoldsUpNobodyElse();
    void aSuspectRunsAlone();
    void aPausedJobLetsTheNextGo();
    void aRemovedJobFreesItsPlaces();
};

void TestJobRules::onlyTheseStatesFollowOneAnother() {
    const std::set<std::pair<v1::JobStatus, v1::JobStatus>> allowed{
        {v1::JOB_STATUS_QUEUED, v1::JOB_STATUS_PROCESSING},    {v1::JOB_STATUS_QUEUED, v1::JOB_STATUS_FAILED},
        {v1::JOB_STATUS_QUEUED, v1::JOB_STATUS_CANCELLED},     {v1::JOB_STATUS_PROCESSING, v1::JOB_STATUS_PROCESSING},
        {v1::JOB_STATUS_PROCESSING, v1::JOB_STATUS_COMPLETED}, {v1::JOB_STATUS_PROCESSING, v1::JOB_STATUS_FAILED},
        {v1::JOB_STATUS_PROCESSING, v1::JOB_STATUS_CANCELLED},
    };
    for (int from = v1::JOB_STATUS_QUEUED; from <= v1::JOB_STATUS_CANCELLED; ++from)
        for (int to = v1::JOB_STATUS_QUEUED; to <= v1::JOB_STATUS_CANCELLED; ++to) {
            const auto one = static_cast<v1::JobStatus>(from);
            const auto other = static_cast<v1::JobStatus>(to);
            QCOMPARE(mayFollow(one, other), allowed.contains({one, other}));
            QCOMPARE(checkTransition(jobIn(one), other).ok(), mayFollow(one, other));
        }
    QCOMPARE(checkTransition(jobIn(v1::JOB_STATUS_FAILED), v1::JOB_STATUS_CANCELLED).error().code,
             ErrorCode::IllegalTransition);
}

void TestJobRules::aResultIsGivenOnlyOfWhatIsCompleteAndKept() {
    Job job = jobIn(v1::JOB_STATUS_PROCESSING);
    job.inputsDone = 4;
    Error error = checkResultReady(job, kNow).error();
    QCOMPARE(error.code, ErrorCode::JobNotReady);
    QVERIFY(QString::fromStdString(error.message).contains(QStringLiteral("4 of 10")));
    job = jobIn(v1::JOB_STATUS_FAILED);
    job.error.emplace().set_message("the model was deleted");
    job.error->set_code("MODEL_NOT_FOUND");
    error = checkResultReady(job, kNow).error();
    QCOMPARE(error.code, ErrorCode::JobNotReady);
    QVERIFY(QString::fromStdString(error.message).contains(QStringLiteral("the model was deleted")));
    QCOMPARE(std::get<std::string>(error.facts.at("job_error")), std::string("MODEL_NOT_FOUND"));
    job = jobIn(v1::JOB_STATUS_COMPLETED);
    QVERIFY(checkResultReady(job, kNow).ok());
    job.expiresAt = kNow + 1s;
    QVERIFY(checkResultReady(job, kNow).ok());
    QCOMPARE(checkResultReady(job, kNow + 1s).error().code, ErrorCode::JobResultExpired); // before the sweep
    job.resultRemoved = true;
    error = checkResultReady(job, kNow).error();
    QCOMPARE(error.code, ErrorCode::JobResultExpired);
    QVERIFY(QString::fromStdString(error.message).contains(QStringLiteral("expired")));
}

void TestJobRules::optionsAreRefusedByName_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("secret");
    QTest::addColumn<QString>("key");
    QTest::addColumn<qint64>("keep");
    QTest::addColumn<QString>("says");
    const auto url = [](const char* name, const char* text, const char* says) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString() << QString() << qint64{0}
                            << QString::fromUtf8(says);
    };
    url("a file", "file:///etc/passwd", "webhook_url: must begin with http:// or https://");
    url("ftp", "ftp://host/x", "webhook_url: must begin with http:// or https://");
    url("no scheme", "example.org/hook", "webhook_url: is not a URL");
    url("no host", "http:///hook", "webhook_url:");
    url("a password", "https://me:secret@example.org/", "must hold no user name");
    url("a fragment", "https://example.org/#x", "must hold no fragment");
    url("a space", "https://exa mple.org/", "webhook_url:");
    QTest::newRow("a secret alone") << QString() << QStringLiteral("s") << QString() << qint64{0}
                                    << QStringLiteral("webhook_secret: is of no use without");
    QTest::newRow("a key with a space") << QString() << QString() << QStringLiteral("a b") << qint64{0}
                                        << QStringLiteral("idempotency_key: must be visible");
    QTest::newRow("a long key") << QString() << QString() << QString(256, QLatin1Char('k')) << qint64{0}
                                << QStringLiteral("idempotency_key: is 256 characters");
    QTest::newRow("kept for ever") << QString() << QString() << QString() << (qint64{1} << 40)
                                   << QStringLiteral("keep_result_seconds: must be");
    QTest::newRow("kept not at all") << QString() << QString() << QString() << qint64{-1}
                                     << QStringLiteral("keep_result_seconds: must be");
}

void TestJobRules::optionsAreRefusedByName() {
    QFETCH(QString, url);
    QFETCH(QString, secret);
    QFETCH(QString, key);
    QFETCH(qint64, keep);
    QFETCH(QString, says);
    v1::JobOptions options;
    options.set_webhook_url(url.toStdString());
    options.set_webhook_secret(secret.toStdString());
    options.set_idempotency_key(key.toStdString());
    options.set_keep_result_seconds(keep);
    const auto job = draftJob(options, {});
    QVERIFY(!job.ok());
    QCOMPARE(job.error().code, ErrorCode::ValidationError);
    QVERIFY2(QString::fromStdString(job.error().message).contains(says), job.error().message.c_str());
    QVERIFY(!QString::fromStdString(job.error().message).contains(QStringLiteral("secret@")));
}

void TestJobRules::unsetOptionsTakeWhatTheEngineIsSet() {
    JobSettings settings;
    settings.keepFor = 5min;
    QCOMPARE(draftJob({}, settings)->keepFor, std::chrono::seconds(300));
    v1::JobOptions options;
    options.set_keep_result_seconds(7);
    options.set_webhook_url("http://127.0.0.1:9/hook?a=b");
    QCOMPARE(draftJob(options, settings)->keepFor, std::chrono::seconds(7));
}

void TestJobRules::errorsLeadToTheNextStep_data() {
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("starts");
    QTest::addColumn<int>("refusals");
    QTest::addColumn<int>("next");
    QTest::addColumn<bool>("suspect");
    using Next = PieceVerdict::Next;
    const auto row = [](const char* name, ErrorCode code, int starts, int refusals, Next next, bool suspect) {
        QTest::newRow(name) << code << starts << refusals << static_cast<int>(next) << suspect;
    };
    row("a first crash", ErrorCode::WorkerCrashed, 1, 0, Next::Again, true);
    row("a last crash", ErrorCode::WorkerCrashed, 3, 0, Next::Fail, true);
    row("a cut off worker", ErrorCode::WorkerMisbehaved, 2, 0, Next::Again, true);
    row("a full queue", ErrorCode::QueueFull, 1, 1000, Next::Again, false);
    row("a stopping engine", ErrorCode::ServiceUnavailable, 1, 1000, Next::Again, false);
    row("a full disk", ErrorCode::StorageFull, 1, 1000, Next::Again, false);
    row("no memory yet", ErrorCode::InsufficientMemory, 1, 7, Next::Again, false);
    row("never any memory", ErrorCode::InsufficientMemory, 1, 8, Next::Fail, false);
    row("somebody cancelled it", ErrorCode::RequestCancelled, 1, 0, Next::Cancel, false);
    row("a bad input", ErrorCode::InvalidInput, 1, 0, Next::Fail, false);
    row("a deleted model", ErrorCode::ModelNotFound, 1, 0, Next::Fail, false);
    row("a timeout", ErrorCode::InferenceTimeout, 1, 0, Next::Fail, false);
    row("a load that failed", ErrorCode::ModelLoadFailed, 1, 0, Next::Again, false);
    row("a model that never loads", ErrorCode::ModelLoadFailed, 1, 8, Next::Fail, false);
    row("damaged files", ErrorCode::InvalidModelFiles, 1, 0, Next::Fail, false);
}

void TestJobRules::errorsLeadToTheNextStep() {
    QFETCH(ErrorCode, code);
    QFETCH(int, starts);
    QFETCH(int, refusals);
    QFETCH(int, next);
    QFETCH(bool, suspect);
    const PieceVerdict verdict = judge({code, "x"}, {starts, refusals}, {});
    QCOMPARE(static_cast<int>(verdict.next), next);
    QCOMPARE(verdict.suspect, suspect);
}

void TestJobRules::pausesGrowUpToABound() {
    const JobSettings settings;
    const Error full{ErrorCode::QueueFull, "x"};
    QVERIFY(judge(full, {1, 0}, settings).after == 1s);
    QVERIFY(judge(full, {1, 3}, settings).after == 8s);
    QVERIFY(judge(full, {1, 100}, settings).after == settings.longestPause);
}

void TestJobRules::higherPrioritiesGoFirst() {
    JobLanes lanes(1, 100);
    lanes.add("low", {v1::PRIORITY_LOW, "m", "c"}, {0}, {});
    lanes.add("critical", {v1::PRIORITY_CRITICAL, "m", "c"}, {0}, {});
    lanes.add("normal", {v1::PRIORITY_NORMAL, "m", "c"}, {0}, {});
    QCOMPARE(takeAll(lanes), QStringLiteral("critical0 normal0 low0"));
}

void TestJobRules::aLaneHasOnlySoManyPiecesUnderWay() {
    JobLanes lanes(2, 100);
    lanes.add("a", {v1::PRIORITY_NORMAL, "m", "c"}, {0, 1, 2}, {});
    lanes.add("b", {v1::PRIORITY_NORMAL, "m", "c"}, {0}, {});
    QCOMPARE(takeAll(lanes), QStringLiteral("a0 a1"));
    lanes.done({"a", 1});
    QCOMPARE(takeAll(lanes), QStringLiteral("a2"));
    lanes.done({"a", 0});
    QCOMPARE(takeAll(lanes), QStringLiteral("b0"));
    QVERIFY(!lanes.allDone("a"));
    lanes.done({"a", 2});
    QVERIFY(lanes.allDone("a"));
}

void TestJobRules::oneClientsLargeJobHoldsUpNobodyElse() {
    JobLanes lanes(1, 3);
    lanes.add("large", {v1::PRIORITY_NORMAL, "m", "c"}, {0, 1, 2, 3}, {});
    lanes.add("other client's", {v1::PRIORITY_NORMAL, "m", "d"}, {0}, {});
    lanes.add("other model's", {v1::PRIORITY_NORMAL, "n", "c"}, {0}, {});
    QCOMPARE(takeAll(lanes), QStringLiteral("large0 other client's0 other model's0"));
    QCOMPARE(lanes.underWay(), 3);
}

void TestJobRules::aSuspectRunsAlone() {
    JobLanes lanes(3, 100);
    lanes.add("a", {v1::PRIORITY_NORMAL, "m", "c"}, {0, 1, 2}, {0});
    QCOMPARE(takeAll(lanes), QStringLiteral("a1 a2"));
    lanes.again({"a", 1}, true);
    lanes.done({"a", 2});
    QCOMPARE(takeAll(lanes), QStringLiteral("a0"));
    lanes.done({"a", 0});
    QCOMPARE(takeAll(lanes), QStringLiteral("a1"));
}

void TestJobRules::aPausedJobLetsTheNextGo() {
    JobLanes lanes(1, 100);
    lanes.add("a", {v1::PRIORITY_NORMAL, "m", "c"}, {0}, {});
    lanes.add("b", {v1::PRIORITY_NORMAL, "m", "c"}, {0}, {});
    lanes.pause("a", true);
    QCOMPARE(takeAll(lanes), QStringLiteral("b0"));
    lanes.done({"b", 0});
    lanes.pause("a", false);
    QCOMPARE(takeAll(lanes), QStringLiteral("a0"));
}

void TestJobRules::aRemovedJobFreesItsPlaces() {
    JobLanes lanes(2, 2);
    lanes.add("a", {v1::PRIORITY_NORMAL, "m", "c"}, {0, 1, 2}, {});
    QCOMPARE(takeAll(lanes), QStringLiteral("a0 a1"));
    lanes.remove("a");
    QCOMPARE(lanes.underWay(), 0);
    lanes.done({"a", 0}); // comes late
    lanes.add("b", {v1::PRIORITY_NORMAL, "m", "c"}, {0}, {});
    QCOMPARE(takeAll(lanes), QStringLiteral("b0"));
}

QTEST_GUILESS_MAIN(TestJobRules)
#include "test_job_rules.moc"
