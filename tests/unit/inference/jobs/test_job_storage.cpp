// Jobs on the disk: what is accepted is there, what a crash leaves over goes, what is damaged is told.
#include "tests/unit/inference/jobs/fixtures.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

class TestJobStorage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aJobGoesFromItsRequestToItsResult();
    void piecesInAnyOrderGiveTheResultInOrder();
    void aSingleInputGivesASingleOutput();
    void theSameKeyIsTheSameJob();
    void whatIsTooMuchIsRefusedAndLeavesNothing();
    void whatIsDoneIsKeptOverACrash();
    void aPieceWrittenButNotNotedIsWrittenAgain();
    void aCrashAfterTheResultWasWrittenCompletesAgain();
    void leftoversGoAndForeignFilesStay();
    void theEndRemovesWhatIsNotNeeded();
    void whatFailedCanBeTriedAgainUntilItsTimeIsOver();
    void inputsKeptForAnotherTryGiveWay();
    void resultsExpireAndAreForgotten();
    void damagedFilesAreToldAsSuch_data();
    void damagedFilesAreToldAsSuch();

private:
    void open(JobSettings settings = job_test::smallPieces());
    Job accept(int inputs);
    // Computes the piece, as a worker would.
    void run(const std::string& id, int piece);
    [[nodiscard]] QStringList files() const;
    [[nodiscard]] QString fileOf(const Job& job, const char* kind) const;

    mm::test::ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<JobStorage> m_storage;
};

void TestJobStorage::open(JobSettings settings) {
    m_storage.reset();
    auto storage = job_test::openStorage(*m_folder, m_clock, settings);
    QVERIFY2(storage.ok(), storage.ok() ? "" : storage.error().message.c_str());
    m_storage = std::move(storage).value();
}

void TestJobStorage::init() {
    m_storage.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    open();
}

Job TestJobStorage::accept(int inputs) {
    auto job = m_storage->accept(job_test::draft(), job_test::texts(inputs));
    return job.ok() ? *job : Job();
}

void TestJobStorage::run(const std::string& id, int piece) {
    const auto request = m_storage->startPiece(id, piece);
    QVERIFY2(request.ok(), request.ok() ? "" : request.error().message.c_str());
    const auto kept = m_storage->finishPiece(id, request->piece, job_test::answerTo(request->request));
    QVERIFY2(kept.ok(), kept.ok() ? "" : kept.error().message.c_str());
}

QStringList TestJobStorage::files() const {
    return QDir(m_folder->filePath(QStringLiteral("jobs"))).entryList(QDir::Files, QDir::Name);
}

QString TestJobStorage::fileOf(const Job& job, const char* kind) const {
    return m_folder->filePath(QStringLiteral("jobs/")) + QString::fromStdString(job.id) + QString::fromLatin1(kind);
}

void TestJobStorage::aJobGoesFromItsRequestToItsResult() {
    v1::InferenceRequest request = job_test::texts(25);
    (*request.mutable_parameters()->mutable_fields())["normalize"].set_bool_value(true);
    request.mutable_input_data()->mutable_custom_data();
    request.set_timeout_seconds(7);
    const auto job = m_storage->accept(job_test::draft(), request);
    QVERIFY2(job.ok(), job.ok() ? "" : job.error().message.c_str());
    QCOMPARE(job->inputsTotal, std::int64_t(25));
    QCOMPARE(job->pieces, 3);
    QCOMPARE(files().size(), 1);
    const auto second = m_storage->startPiece(job->id, 1);
    QCOMPARE(second->request.model_id(), std::string("org/m@1"));
    QVERIFY(second->request.parameters().fields().at("normalize").bool_value());
    QVERIFY(second->request.input_data().has_custom_data());
    QCOMPARE(second->request.timeout_seconds(), 7);
    QCOMPARE(second->request.input_data().text_batch().texts(0), std::string("10"));
    QCOMPARE(second->piece.firstInput, std::int64_t(10));
    QCOMPARE(second->piece.inputs, std::int64_t(10));
    QVERIFY(m_storage->finishPiece(job->id, second->piece, job_test::answerTo(second->request)).ok());
    QVERIFY(!m_storage->complete(job->id).ok());
    run(job->id, 0);
    run(job->id, 2);
    m_clock.advance(5s);
    const auto completed = m_storage->complete(job->id);
    QVERIFY2(completed.ok(), completed.ok() ? "" : completed.error().message.c_str());
    QCOMPARE(completed->status, v1::JOB_STATUS_COMPLETED);
    QCOMPARE(completed->resultSha256.size(), std::size_t(64));
    QCOMPARE(files().size(), 1);
    const auto result = m_storage->result(job->id);
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
    QCOMPARE((*result)->output_data().embedding_batch().embeddings_size(), 25);
    QCOMPARE((*result)->metadata().compute_ms(), 3.0);
    QCOMPARE((*result)->metadata().total_time_ms(), 5000.0);
    QCOMPARE((*result)->metadata().request_id(), job->id);
}

void TestJobStorage::piecesInAnyOrderGiveTheResultInOrder() {
    const Job job = accept(40);
    for (const int piece : {2, 0, 3, 1})
        run(job.id, piece);
    QVERIFY(m_storage->complete(job.id).ok());
    const auto result = m_storage->result(job.id);
    for (int i = 0; i < 40; ++i)
        QCOMPARE((*result)->output_data().embedding_batch().embeddings(i).values(0), static_cast<float>(i));
}

void TestJobStorage::aSingleInputGivesASingleOutput() {
    v1::InferenceRequest request;
    request.set_model_id("org/m");
    request.mutable_input_data()->set_text("x");
    const auto job = m_storage->accept(job_test::draft(), request);
    const auto piece = m_storage->startPiece(job->id, 0);
    QCOMPARE(piece->request.input_data().text(), std::string("x"));
    v1::InferenceResponse answer;
    answer.mutable_output_data()->mutable_embedding()->add_values(1);
    QVERIFY(m_storage->finishPiece(job->id, piece->piece, answer).ok());
    QVERIFY(m_storage->complete(job->id).ok());
    QVERIFY((*m_storage->result(job->id))->output_data().has_embedding());
}

void TestJobStorage::theSameKeyIsTheSameJob() {
    const auto first = m_storage->accept(job_test::draft("one", "key"), job_test::texts(5));
    const auto again = m_storage->accept(job_test::draft("one", "key"), job_test::texts(5));
    QCOMPARE(again->id, first->id);
    QVERIFY(m_storage->accept(job_test::draft("two", "key"), job_test::texts(5))->id != first->id);
    const auto other = m_storage->accept(job_test::draft("one", "key"), job_test::texts(6));
    QCOMPARE(other.error().code, ErrorCode::ValidationError);
    QCOMPARE(other.error().fieldErrors.front().field, std::string("idempotency_key"));
    QVERIFY(QString::fromStdString(other.error().message).contains(QString::fromStdString(first->id)));
    QVERIFY(m_storage->end(first->id, v1::JOB_STATUS_CANCELLED, {ErrorCode::RequestCancelled, "x"}).ok());
    QCOMPARE(m_storage->accept(job_test::draft("one", "key"), job_test::texts(5))->status, v1::JOB_STATUS_CANCELLED);
    QVERIFY(m_storage->forget(first->id).ok());
    QVERIFY(m_storage->accept(job_test::draft("one", "key"), job_test::texts(6)).ok());
}

void TestJobStorage::whatIsTooMuchIsRefusedAndLeavesNothing() {
    JobSettings settings = job_test::smallPieces();
    settings.maxUnfinished = 1;
    settings.maxPayloadBytes = 1000;
    open(settings);
    QCOMPARE(m_storage->accept(job_test::draft(), job_test::texts(1000)).error().code, ErrorCode::PayloadTooLarge);
    QVERIFY(m_storage->accept(job_test::draft(), job_test::texts(5)).ok());
    const Error full = m_storage->accept(job_test::draft(), job_test::texts(5)).error();
    QCOMPARE(full.code, ErrorCode::QueueFull);
    QVERIFY(full.facts.contains("retry_after_seconds"));
    settings = job_test::smallPieces();
    settings.reservedDiskBytes = std::int64_t{1} << 60;
    open(settings);
    QCOMPARE(m_storage->accept(job_test::draft(), job_test::texts(5)).error().code, ErrorCode::StorageFull);
    QCOMPARE(files().size(), 1);
}

void TestJobStorage::whatIsDoneIsKeptOverACrash() {
    const Job job = accept(30);
    run(job.id, 0);
    QVERIFY(m_storage->startPiece(job.id, 1).ok());
    open(); // nothing was closed in an orderly way
    const auto unfinished = m_storage->restore();
    QCOMPARE(unfinished->size(), std::size_t(1));
    QCOMPARE(unfinished->front().done.size(), std::size_t(1));
    QCOMPARE(unfinished->front().started.front().piece, 1);
    run(job.id, 1);
    run(job.id, 2);
    QVERIFY(m_storage->complete(job.id).ok());
    QCOMPARE((*m_storage->result(job.id))->output_data().embedding_batch().embeddings_size(), 30);
    QCOMPARE(m_storage->get(job.id)->attempts, 2);
}

void TestJobStorage::aPieceWrittenButNotNotedIsWrittenAgain() {
    const Job job = accept(20);
    run(job.id, 0);
    QFile parts(fileOf(job, ".parts"));
    QVERIFY(parts.open(QIODevice::Append));
    QVERIFY(parts.write("half a record that no row speaks of") > 0);
    parts.close();
    open();
    run(job.id, 1);
    QVERIFY(m_storage->complete(job.id).ok());
    QCOMPARE((*m_storage->result(job.id))->output_data().embedding_batch().embeddings(19).values(0), 19.0F);
}

void TestJobStorage::aCrashAfterTheResultWasWrittenCompletesAgain() {
    const Job job = accept(10);
    run(job.id, 0);
    QFile result(fileOf(job, ".result"));
    QVERIFY(result.open(QIODevice::WriteOnly));
    result.write("written, but its row was not");
    result.close();
    open();
    QCOMPARE(m_storage->restore()->size(), std::size_t(1));
    QVERIFY(!QFile::exists(fileOf(job, ".result")));
    QVERIFY(m_storage->complete(job.id).ok());
    QCOMPARE((*m_storage->result(job.id))->output_data().embedding_batch().embeddings_size(), 10);
}

void TestJobStorage::leftoversGoAndForeignFilesStay() {
    const Job job = accept(10);
    for (const char* name : {"0b0e9d3c-3c1a-4f6e-8f39-3c8d6a0d7f11.request", "notes.txt"}) {
        QFile file(m_folder->filePath(QStringLiteral("jobs/")) + QString::fromLatin1(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QVERIFY(QFile::copy(fileOf(job, ".request"), fileOf(job, ".new")));
    open();
    QVERIFY(m_storage->restore().ok());
    const QStringList expected{QString::fromStdString(job.id) + QStringLiteral(".request"),
                               QStringLiteral("notes.txt")};
    QStringList found = files();
    found.sort();
    QCOMPARE(found, expected);
}

void TestJobStorage::theEndRemovesWhatIsNotNeeded() {
    const Job job = accept(10);
    run(job.id, 0);
    const auto failed = m_storage->end(job.id, v1::JOB_STATUS_FAILED,
                                       {ErrorCode::ModelNotFound, "deleted", {{"model", std::string("org/m")}}});
    QCOMPARE(failed->error->code(), std::string("MODEL_NOT_FOUND"));
    QCOMPARE(files(), QStringList(QString::fromStdString(job.id) + QStringLiteral(".request")));
    QCOMPARE(m_storage->startPiece(job.id, 0).ok(), false);
    QCOMPARE(m_storage->result(job.id).error().code, ErrorCode::JobNotReady);
    QVERIFY(m_storage->forget(job.id).ok());
    QVERIFY(files().isEmpty());
}

void TestJobStorage::whatFailedCanBeTriedAgainUntilItsTimeIsOver() {
    Job draft = job_test::draft("one", "key");
    draft.priority = v1::PRIORITY_LOW;
    draft.webhook.url = "http://127.0.0.1:9/x";
    const Job first = *m_storage->accept(draft, job_test::texts(15));
    QCOMPARE(m_storage->retry(first.id).error().code, ErrorCode::IllegalTransition);
    run(first.id, 0);
    QVERIFY(m_storage->end(first.id, v1::JOB_STATUS_FAILED, {ErrorCode::WorkerCrashed, "x"}).ok());
    open();
    QVERIFY(m_storage->restore()->empty());
    const auto again = m_storage->retry(first.id);
    QVERIFY2(again.ok(), again.ok() ? "" : again.error().message.c_str());
    QVERIFY(again->id != first.id);
    const Job kept = *m_storage->get(again->id);
    QCOMPARE(kept.status, v1::JOB_STATUS_QUEUED);
    QCOMPARE(kept.client, first.client);
    QCOMPARE(kept.priority, v1::PRIORITY_LOW);
    QCOMPARE(kept.modelKey, first.modelKey);
    QCOMPARE(kept.webhook.url, draft.webhook.url);
    QCOMPARE(kept.inputsDone, std::int64_t(0));
    QVERIFY(m_storage->forget(first.id).ok()); // each has its own
    run(kept.id, 1);
    run(kept.id, 0);
    QVERIFY(m_storage->complete(kept.id).ok());
    const auto result = m_storage->result(kept.id);
    QCOMPARE((*result)->output_data().embedding_batch().embeddings_size(), 15);
    QCOMPARE((*result)->output_data().embedding_batch().embeddings(14).values(0), 14.0F);
    QCOMPARE(m_storage->retry(kept.id).error().code, ErrorCode::IllegalTransition);
    QCOMPARE(m_storage->retry("no such").error().code, ErrorCode::JobNotFound);

    const Job cancelled = accept(5);
    QVERIFY(m_storage->end(cancelled.id, v1::JOB_STATUS_CANCELLED, {ErrorCode::RequestCancelled, "x"}).ok());
    m_clock.advance(1h);
    QCOMPARE(m_storage->retry(cancelled.id).error().code, ErrorCode::JobResultExpired); // not swept yet
    QVERIFY(m_storage->sweep().ok());
    QVERIFY(files().isEmpty());
    QCOMPARE(m_storage->retry(cancelled.id).error().code, ErrorCode::JobResultExpired);
}

void TestJobStorage::inputsKeptForAnotherTryGiveWay() {
    const auto failed = [this] {
        const Job job = accept(10);
        m_clock.advance(1s);
        return *m_storage->end(job.id, v1::JOB_STATUS_FAILED, {ErrorCode::WorkerCrashed, "x"});
    };
    JobSettings settings = job_test::smallPieces();
    settings.maxKeptInputBytes = failed().payloadBytes * 5 / 2;
    open(settings);
    const Job older = failed();
    const Job newer = failed();
    const Job newest = failed();
    QCOMPARE(files().size(), 2);
    QCOMPARE(m_storage->retry(older.id).error().code, ErrorCode::JobResultExpired);
    QVERIFY(m_storage->retry(newer.id).ok() && m_storage->retry(newest.id).ok());
    const Job running = accept(10);
    settings.reservedDiskBytes = std::int64_t{1} << 60; // a disk without room
    open(settings);
    QCOMPARE(m_storage->accept(job_test::draft(), job_test::texts(5)).error().code, ErrorCode::StorageFull);
    QCOMPARE(m_storage->retry(newest.id).error().code, ErrorCode::JobResultExpired);
    QCOMPARE(files().size(), 3); // of what is not over
    QVERIFY(m_storage->startPiece(running.id, 0).ok());
}

void TestJobStorage::resultsExpireAndAreForgotten() {
    const Job job = accept(10);
    run(job.id, 0);
    QVERIFY(m_storage->complete(job.id).ok());
    m_clock.advance(59min);
    QVERIFY(m_storage->sweep().ok());
    QVERIFY(m_storage->result(job.id).ok());
    m_clock.advance(1min);
    QVERIFY(m_storage->sweep().ok());
    QVERIFY(files().isEmpty());
    const Error expired = m_storage->result(job.id).error();
    QCOMPARE(expired.code, ErrorCode::JobResultExpired);
    QVERIFY(expired.facts.contains("expired_at"));
    QCOMPARE(m_storage->get(job.id)->status, v1::JOB_STATUS_COMPLETED);
    m_clock.advance(1h);
    QVERIFY(m_storage->sweep().ok());
    QCOMPARE(m_storage->get(job.id).error().code, ErrorCode::JobNotFound);
}

void TestJobStorage::damagedFilesAreToldAsSuch_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("keep"); // of a hundred
    for (const char* kind : {".request", ".parts", ".result"})
        for (const int keep : {0, 1, 50, 99})
            QTest::newRow(qPrintable(QStringLiteral("%1 cut to %2 %").arg(QString::fromLatin1(kind)).arg(keep)))
                << QString::fromLatin1(kind) << keep;
}

void TestJobStorage::damagedFilesAreToldAsSuch() {
    QFETCH(QString, kind);
    QFETCH(int, keep);
    const Job job = accept(20);
    run(job.id, 0);
    if (kind == QStringLiteral(".result")) {
        run(job.id, 1);
        QVERIFY(m_storage->complete(job.id).ok());
    }
    QFile file(fileOf(job, "") + kind);
    QVERIFY(file.resize(file.size() * keep / 100));
    open();
    Error why{ErrorCode::InternalError, "nothing failed"};
    if (kind == QStringLiteral(".result")) {
        why = m_storage->result(job.id).error();
    } else if (kind == QStringLiteral(".request")) {
        why = m_storage->startPiece(job.id, 1).error();
    } else {
        const auto piece = m_storage->startPiece(job.id, 1);
        why = m_storage->finishPiece(job.id, piece->piece, job_test::answerTo(piece->request)).error();
    }
    QCOMPARE(why.code, ErrorCode::StorageDamaged);
    QVERIFY2(QString::fromStdString(why.message).contains(kind), why.message.c_str());
}

QTEST_GUILESS_MAIN(TestJobStorage)
#include "test_job_storage.moc"
