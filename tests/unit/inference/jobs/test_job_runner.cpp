// The runner over real storage and a dispatcher that a test answers for by hand.
#include "engine/base/qt_executor.h"
#include "engine/inference/jobs/job_runner.h"
#include "tests/support/await.h"
#include "tests/unit/inference/jobs/fixtures.h"

#include <QTest>

#include <sys/resource.h>

#include <csignal>
#include <deque>

using namespace mm;
using namespace mm::inference;
using mm::test::await;
using mm::test::awaitUntil;

namespace {

class ScriptedDispatch final : public PieceDispatch {
public:
    struct Sent {
        std::shared_ptr<const v1::InferenceRequest> request;
        Origin origin;
        Reply<Response> reply;
    };
    bool answersAtOnce = false;
    std::deque<Sent> sent;
    std::map<std::string, int> ended; // pieces with a result, by request id
    std::vector<std::string> cancelled;

    void submit(std::shared_ptr<const v1::InferenceRequest> piece, Origin origin, Reply<Response> reply) override {
        sent.push_back({std::move(piece), std::move(origin), std::move(reply)});
        if (answersAtOnce)
            answer();
    }
    void cancel(const std::string& requestId) override {
        cancelled.push_back(requestId);
        for (auto at = sent.begin(); at != sent.end(); ++at)
            if (at->origin.requestId == requestId) {
                Sent gone = std::move(*at);
                sent.erase(at);
                return gone.reply(Error{ErrorCode::RequestCancelled, "the request was cancelled"});
            }
    }
    void answer() {
        Sent first = std::move(sent.front());
        sent.pop_front();
        ++ended[first.origin.requestId];
        first.reply(std::make_shared<const v1::InferenceResponse>(job_test::answerTo(*first.request)));
    }
    void fail(ErrorCode code) {
        Sent first = std::move(sent.front());
        sent.pop_front();
        first.reply(Error{code, "scripted"});
    }
};

class OneModel final : public ModelCatalogue {
public:
    Result<ResolvedModel> resolve(const std::string& modelId) override {
        if (!isThere || (modelId != "org/m" && modelId != "org/m@1"))
            return Error{ErrorCode::ModelNotFound, "no model " + modelId};
        return ResolvedModel{"org/m@1", "org/m", v1::TASK_TYPE_TXT2EMBED};
    }
    bool isThere = true;
};

struct Ended final : JobListener {
    std::vector<Job> jobs;
    void onJobEnded(const Job& job) override { jobs.push_back(job); }
};

// An engine's part for jobs; a second one on the same folder is the engine after its end.
struct House {
    explicit House(const QTemporaryDir& folder, JobSettings settings = job_test::smallPieces()) {
        auto started = JobStorageThread::start(
            QStringLiteral("jobs"), [&, settings] { return job_test::openStorage(folder, clock, settings); });
        storage = std::move(started).value();
        runner = std::make_unique<JobRunner>(settings, DispatcherOptions{},
                                             JobRunner::Ports{catalogue, dispatch, *storage, ended, executor});
    }
    Result<Job> submit(const v1::InferenceRequest& request) {
        return await<Job>([&](auto reply) {
            runner->submit(std::make_shared<const v1::InferenceRequest>(request), "client", std::move(reply));
        });
    }
    Result<Job> get(const std::string& id) {
        return await<Job>([&](auto reply) { runner->get(id, std::move(reply)); });
    }
    Result<Job> cancel(const std::string& id) {
        return await<Job>([&](auto reply) { runner->cancel(id, std::move(reply)); });
    }
    Result<Job> retry(const std::string& id) {
        return await<Job>([&](auto reply) { runner->retry(id, std::move(reply)); });
    }
    Result<JobStorage::Response> result(const std::string& id) {
        return await<JobStorage::Response>([&](auto reply) { runner->result(id, std::move(reply)); });
    }
    bool untilSent(std::size_t count) {
        return awaitUntil([&] { return dispatch.sent.size() >= count; });
    }
    bool untilEnded(std::size_t count = 1) {
        return awaitUntil([&] { return ended.jobs.size() >= count; });
    }

    mm::test::ManualClock clock;
    QtExecutor executor;
    OneModel catalogue;
    ScriptedDispatch dispatch;
    Ended ended;
    std::unique_ptr<JobStorageThread> storage;
    std::unique_ptr<JobRunner> runner;
};

} // namespace

class TestJobRunner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aLargeJobStreamsThroughInBoundedPieces();
    void whatCannotSucceedIsRefusedBeforeItIsAJob();
    void theNextEngineGoesOnAndComputesNothingTwice();
    void aPieceThatKeepsEndingItsWorkerIsGivenUp();
    void aPieceThatKeepsEndingTheEngineIsGivenUp();
    void aStoppingEngineBlamesNoPiece();
    void whatPassesIsTriedAgain();
    void whatDoesNotPassFailsTheJobAndNamesTheInputs();
    void jobsAreCancelledInEveryState();
    void aJobThatEndedBadlyIsTriedAgain();
    void aPieceThatSomebodyCancelsEndsItsJob();
    void theEndOfAModelFailsItsJobs();
    void theSameKeyComputesOnce();
    void aFullDiskHoldsTheAnswerUntilThereIsRoom();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestJobRunner::aLargeJobStreamsThroughInBoundedPieces() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(300));
    QVERIFY(job.ok());
    QVERIFY(house.untilSent(3));
    std::size_t most = 0;
    while (house.ended.jobs.empty()) {
        most = std::max(most, house.dispatch.sent.size());
        if (!house.dispatch.sent.empty())
            house.dispatch.answer();
        QVERIFY(awaitUntil([&] { return !house.dispatch.sent.empty() || !house.ended.jobs.empty(); }));
    }
    QVERIFY(most <= 3);
    QCOMPARE(house.ended.jobs.front().status, v1::JOB_STATUS_COMPLETED);
    const auto result = house.result(job->id);
    QCOMPARE((*result)->output_data().embedding_batch().embeddings_size(), 300);
    for (int i = 0; i < 300; ++i)
        QCOMPARE((*result)->output_data().embedding_batch().embeddings(i).values(0), static_cast<float>(i));
    QCOMPARE(house.get(job->id)->inputsDone, std::int64_t(300));
    QCOMPARE(house.runner->unfinished(), std::size_t(0));
}

void TestJobRunner::whatCannotSucceedIsRefusedBeforeItIsAJob() {
    House house(*m_folder);
    QCOMPARE(house.submit(job_test::texts(1, "no/model")).error().code, ErrorCode::ModelNotFound);
    v1::InferenceRequest image;
    image.set_model_id("org/m");
    image.mutable_input_data()->set_image("x");
    QCOMPARE(house.submit(image).error().code, ErrorCode::InvalidInput);
    v1::InferenceRequest timeout = job_test::texts(1);
    timeout.set_timeout_seconds(601);
    QCOMPARE(house.submit(timeout).error().code, ErrorCode::ValidationError);
    v1::InferenceRequest hook = job_test::texts(1);
    hook.mutable_job()->set_webhook_url("file:///x");
    QCOMPARE(house.submit(hook).error().code, ErrorCode::ValidationError);
    QCOMPARE(house.runner->unfinished(), std::size_t(0));
}

void TestJobRunner::theNextEngineGoesOnAndComputesNothingTwice() {
    std::string id;
    std::map<std::string, int> ended;
    {
        House house(*m_folder);
        id = house.submit(job_test::texts(100))->id;
        for (int i = 0; i < 4; ++i) {
            QVERIFY(house.untilSent(1));
            house.dispatch.answer();
            QVERIFY(awaitUntil([&] { return house.get(id)->inputsDone == 10 * (i + 1); }));
        }
        ended = house.dispatch.ended;
        QVERIFY(house.untilSent(3)); // and it dies with these under way
    }
    House house(*m_folder);
    house.dispatch.answersAtOnce = true;
    house.runner->start();
    QVERIFY(house.untilEnded());
    for (const auto& [piece, times] : house.dispatch.ended)
        ended[piece] += times;
    QCOMPARE(ended.size(), std::size_t(10));
    for (const auto& [piece, times] : ended)
        QCOMPARE(times, 1);
    const auto result = house.result(id);
    QCOMPARE((*result)->output_data().embedding_batch().embeddings(99).values(0), 99.0F);
    QCOMPARE(house.get(id)->attempts, 2);
}

void TestJobRunner::aPieceThatKeepsEndingItsWorkerIsGivenUp() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(30));
    while (house.ended.jobs.empty()) {
        QVERIFY(awaitUntil([&] { return !house.dispatch.sent.empty() || !house.ended.jobs.empty(); }));
        if (house.dispatch.sent.empty())
            break;
        if (house.dispatch.sent.front().request->input_data().text_batch().texts(0) == "10")
            house.dispatch.fail(ErrorCode::WorkerCrashed);
        else
            house.dispatch.answer();
    }
    const Job& failed = house.ended.jobs.front();
    QCOMPARE(failed.status, v1::JOB_STATUS_FAILED);
    QCOMPARE(failed.inputsDone, std::int64_t(20));
    QCOMPARE(failed.attempts, 3);
    const QString message = QString::fromStdString(failed.error->message());
    QVERIFY2(message.contains(QStringLiteral("Inputs 10 to 19")) && message.contains(QStringLiteral("3 times")),
             qPrintable(message));
}

void TestJobRunner::aPieceThatKeepsEndingTheEngineIsGivenUp() {
    std::string id;
    for (int death = 0; death < 3; ++death) {
        House house(*m_folder);
        if (death == 0)
            id = house.submit(job_test::texts(5))->id;
        else
            house.runner->start();
        QVERIFY(house.untilSent(1));
    }
    House house(*m_folder);
    house.runner->start();
    QVERIFY(house.untilEnded());
    QCOMPARE(house.get(id)->status, v1::JOB_STATUS_FAILED);
    QVERIFY(house.dispatch.sent.empty());
}

void TestJobRunner::aStoppingEngineBlamesNoPiece() {
    std::string id;
    for (int stop = 0; stop < 5; ++stop) {
        House house(*m_folder);
        if (stop == 0)
            id = house.submit(job_test::texts(5))->id;
        else
            house.runner->start();
        QVERIFY(house.untilSent(1));
        house.runner->stop();
        house.dispatch.fail(ErrorCode::ServiceUnavailable);
        QCOMPARE(house.submit(job_test::texts(1)).error().code, ErrorCode::ServiceUnavailable);
    }
    House house(*m_folder);
    house.dispatch.answersAtOnce = true;
    house.runner->start();
    QVERIFY(house.untilEnded());
    QCOMPARE(house.get(id)->status, v1::JOB_STATUS_COMPLETED);
    QCOMPARE(house.get(id)->attempts, 1);
}

void TestJobRunner::whatPassesIsTriedAgain() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(5));
    for (const ErrorCode code : {ErrorCode::QueueFull, ErrorCode::InsufficientMemory, ErrorCode::WorkerCrashed}) {
        QVERIFY(house.untilSent(1));
        house.dispatch.fail(code);
    }
    QVERIFY(house.untilSent(1));
    house.dispatch.answer();
    QVERIFY(house.untilEnded());
    QCOMPARE(house.get(job->id)->status, v1::JOB_STATUS_COMPLETED);
    QCOMPARE(house.get(job->id)->attempts, 2); // only the crash counts
}

void TestJobRunner::whatDoesNotPassFailsTheJobAndNamesTheInputs() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(30));
    QVERIFY(house.untilSent(3));
    house.dispatch.answer();
    house.dispatch.fail(ErrorCode::ModelNotFound);
    QVERIFY(house.untilEnded());
    const auto failed = house.get(job->id);
    QCOMPARE(failed->status, v1::JOB_STATUS_FAILED);
    QCOMPARE(failed->error->code(), std::string("MODEL_NOT_FOUND"));
    QVERIFY(failed->error->message().starts_with("Inputs 10 to 19: "));
    QCOMPARE(house.result(job->id).error().code, ErrorCode::JobNotReady);
    QVERIFY(house.dispatch.sent.empty()); // the others were cancelled
}

void TestJobRunner::jobsAreCancelledInEveryState() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(100));
    QVERIFY(house.untilSent(3));
    const auto waiting = house.submit(job_test::texts(100)); // behind it in the same lane
    QCOMPARE(house.cancel(waiting->id)->status, v1::JOB_STATUS_CANCELLED);
    QCOMPARE(house.cancel(job->id)->status, v1::JOB_STATUS_CANCELLED);
    QCOMPARE(house.dispatch.cancelled.size(), std::size_t(3));
    QVERIFY(house.dispatch.sent.empty());
    QCOMPARE(house.get(job->id)->error->code(), std::string("REQUEST_CANCELLED"));
    QCOMPARE(house.ended.jobs.size(), std::size_t(2));
    // Over now: it is forgotten, and after that unknown.
    QCOMPARE(house.cancel(job->id)->status, v1::JOB_STATUS_CANCELLED);
    QCOMPARE(house.get(job->id).error().code, ErrorCode::JobNotFound);
    QCOMPARE(house.cancel(job->id).error().code, ErrorCode::JobNotFound);
    const auto third = house.submit(job_test::texts(5));
    QVERIFY(house.untilSent(1));
    house.dispatch.answer();
    QVERIFY(house.untilEnded(3));
    QCOMPARE(house.cancel(third->id)->status, v1::JOB_STATUS_COMPLETED);
    QCOMPARE(house.result(third->id).error().code, ErrorCode::JobNotFound);
}

void TestJobRunner::aJobThatEndedBadlyIsTriedAgain() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(15));
    QVERIFY(house.untilSent(2));
    QCOMPARE(house.retry(job->id).error().code, ErrorCode::IllegalTransition);
    QVERIFY(house.cancel(job->id).ok());
    house.catalogue.isThere = false;
    QCOMPARE(house.retry(job->id).error().code, ErrorCode::ModelNotFound);
    house.catalogue.isThere = true;
    house.dispatch.answersAtOnce = true;
    const auto again = house.retry(job->id);
    QVERIFY2(again.ok(), again.ok() ? "" : again.error().message.c_str());
    QVERIFY(house.untilEnded(2));
    QCOMPARE(house.get(again->id)->status, v1::JOB_STATUS_COMPLETED);
    QCOMPARE((*house.result(again->id))->output_data().embedding_batch().embeddings_size(), 15);
    QCOMPARE(house.get(job->id)->status, v1::JOB_STATUS_CANCELLED);
}

void TestJobRunner::aPieceThatSomebodyCancelsEndsItsJob() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(5));
    QVERIFY(house.untilSent(1));
    house.dispatch.fail(ErrorCode::RequestCancelled);
    QVERIFY(house.untilEnded());
    QCOMPARE(house.get(job->id)->status, v1::JOB_STATUS_CANCELLED);
}

void TestJobRunner::theEndOfAModelFailsItsJobs() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(100));
    QVERIFY(house.untilSent(3));
    QVERIFY(house.submit(job_test::texts(100)).ok()); // behind it
    QCOMPARE(house.runner->endModel("org/m@1", {ErrorCode::ServiceUnavailable, "it was ended"}), 2);
    QVERIFY(house.untilEnded(2) && house.dispatch.sent.empty());
    QCOMPARE(house.get(job->id)->status, v1::JOB_STATUS_FAILED);
    QCOMPARE(house.get(job->id)->error->message(), std::string("it was ended"));
    QVERIFY(house.retry(job->id).ok() && house.untilSent(1));
}

void TestJobRunner::theSameKeyComputesOnce() {
    House house(*m_folder);
    v1::InferenceRequest request = job_test::texts(5);
    request.mutable_job()->set_idempotency_key("key");
    const auto first = house.submit(request);
    const auto second = house.submit(request);
    QCOMPARE(second->id, first->id);
    QVERIFY(house.untilSent(1));
    house.dispatch.answer();
    QVERIFY(house.untilEnded());
    QCOMPARE(house.submit(request)->status, v1::JOB_STATUS_COMPLETED);
    QVERIFY(house.dispatch.sent.empty());
    QCOMPARE(house.runner->unfinished(), std::size_t(0));
}

void TestJobRunner::aFullDiskHoldsTheAnswerUntilThereIsRoom() {
    House house(*m_folder);
    const auto job = house.submit(job_test::texts(50));
    QVERIFY(house.untilSent(3));
    // A limit on the size of files stands in for a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit none{0, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &none), 0);
    house.dispatch.answer();
    // Nothing is kept, and nothing fails, for as long as it lasts: other calls go through the storage meanwhile.
    for (int i = 0; i < 20; ++i)
        QCOMPARE(house.get(job->id)->inputsDone, std::int64_t(0));
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    house.dispatch.answersAtOnce = true;
    while (!house.dispatch.sent.empty())
        house.dispatch.answer();
    QVERIFY(house.untilEnded());
    QCOMPARE(house.ended.jobs.front().status, v1::JOB_STATUS_COMPLETED);
    for (const auto& [piece, times] : house.dispatch.ended)
        QCOMPARE(times, 1);
}

QTEST_GUILESS_MAIN(TestJobRunner)
#include "test_job_runner.moc"
