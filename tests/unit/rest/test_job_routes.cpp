// Jobs over REST: what the routes ask the service, and what they answer.
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

namespace {

v1::JobStatusResponse jobNamed(const std::string& id, v1::JobStatus status) {
    v1::JobStatusResponse job;
    job.set_job_id(id);
    job.set_model_id("org/repo@1");
    job.set_status(status);
    job.set_inputs_total(4);
    job.set_inputs_done(1);
    job.set_progress(25);
    return job;
}

} // namespace

class TestJobRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAcceptedJobIsA202WithItsPlace();
    void optionsComeFromBodyAndHeader();
    void badOptionsAreRefused_data();
    void badOptionsAreRefused();
    void jobsAreListedByFilter();
    void badFiltersAreRefused();
    void aJobIsShown();
    void aResultIsAnInferencesAnswer();
    void aResultThatIsNotThereYetIsAConflict();
    void aJobIsCancelled();
};

void TestJobRoutes::anAcceptedJobIsA202WithItsPlace() {
    RestFixture rest;
    rest.fakes().onSubmitJob = [](const v1::InferenceRequest& request, const service::CallContext&) {
        v1::JobReference job;
        job.set_job_id("the-job");
        job.set_status(request.model_id() == "org/repo@2" ? v1::JOB_STATUS_QUEUED : v1::JOB_STATUS_FAILED);
        return job;
    };
    const HttpAnswer answer = rest.ask("POST", "/api/v1/infer/org/repo@2/async", R"({"input_data":{"text":["a"]}})");
    QCOMPARE(answer.status, 202);
    QCOMPARE(answer.headers.at("location"), std::string("/api/v1/jobs/the-job"));
    QCOMPARE(at(answer, "/job_id"), std::string("the-job"));
    QCOMPARE(at(answer, "/status"), std::string("queued"));
    QCOMPARE(at(answer, "/status_url"), std::string("/api/v1/jobs/the-job"));
}

void TestJobRoutes::optionsComeFromBodyAndHeader() {
    RestFixture rest;
    v1::InferenceRequest seen;
    rest.fakes().onSubmitJob = [&seen](const v1::InferenceRequest& request, const service::CallContext&) {
        seen = request;
        return v1::JobReference();
    };
    const std::string path = "/api/v1/infer/org%2Frepo/async";
    const std::string body = R"({"input_data":{"text":"a"},"priority":"high","job":{"webhook_url":"http://x/",)"
                             R"("webhook_secret":"s","keep_result_seconds":9}})";
    const HttpAnswer accepted = rest.ask("POST", path, body, "Idempotency-Key: k-1\r\n");
    QVERIFY2(accepted.status == 202, accepted.body.c_str());
    QCOMPARE(seen.job().idempotency_key(), std::string("k-1"));
    QCOMPARE(seen.job().webhook_url(), std::string("http://x/"));
    QCOMPARE(seen.job().webhook_secret(), std::string("s"));
    QCOMPARE(seen.job().keep_result_seconds(), std::int64_t(9));
    QCOMPARE(seen.priority(), v1::PRIORITY_HIGH);
    const std::string sameKey = R"({"input_data":{"text":"a"},"job":{"idempotency_key":"k"}})";
    QCOMPARE(rest.ask("POST", path, sameKey, "Idempotency-Key: k\r\n").status, 202);
}

void TestJobRoutes::badOptionsAreRefused_data() {
    QTest::addColumn<QByteArray>("job");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* job, const char* says) {
        QTest::newRow(job) << QByteArray(job) << QString::fromUtf8(says);
    };
    row("[]", "job: expected an object");
    row(R"({"webhook_ur":"x"})", "did you mean \\\"webhook_url\\\"?");
    row(R"({"webhook_url":7})", "job.webhook_url: expected a string");
    row(R"({"keep_result_seconds":0})", "job.keep_result_seconds: expected seconds, 1 or more, found 0");
    row(R"({"keep_result_seconds":1.5})", "job.keep_result_seconds");
    row(R"({"idempotency_key":"other"})", "differs from the header");
}

void TestJobRoutes::badOptionsAreRefused() {
    QFETCH(QByteArray, job);
    QFETCH(QString, says);
    RestFixture rest;
    const HttpAnswer answer =
        rest.ask("POST", "/api/v1/infer/org/repo/async",
                 R"({"input_data":{"text":"a"},"job":)" + job.toStdString() + "}", "Idempotency-Key: this\r\n");
    QCOMPARE(answer.status, 422);
    QVERIFY2(QString::fromStdString(answer.body).contains(says), answer.body.c_str());
}

void TestJobRoutes::jobsAreListedByFilter() {
    RestFixture rest;
    v1::ListJobsRequest seen;
    rest.fakes().onListJobs = [&seen](const v1::ListJobsRequest& request) {
        seen = request;
        v1::ListJobsResponse list;
        *list.add_jobs() = jobNamed("a", v1::JOB_STATUS_COMPLETED);
        list.mutable_pagination()->set_total(41);
        return list;
    };
    const HttpAnswer answer =
        rest.ask("GET", "/api/v1/jobs?status=completed&model=org%2Frepo&client=me&page=3&page_size=20");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/data/0/status"), std::string("completed"));
    QCOMPARE(at(answer, "/meta/total"), std::string("41"));
    QCOMPARE(seen.status(), v1::JOB_STATUS_COMPLETED);
    QCOMPARE(seen.model_id(), std::string("org/repo"));
    QCOMPARE(seen.client(), std::string("me"));
    QCOMPARE(seen.pagination().page(), 3);
}

void TestJobRoutes::badFiltersAreRefused() {
    RestFixture rest;
    for (const char* query : {"status=done", "page=0", "page_size=101", "stauts=queued"})
        QCOMPARE(rest.ask("GET", std::string("/api/v1/jobs?") + query).status, 422);
}

void TestJobRoutes::aJobIsShown() {
    RestFixture rest;
    rest.fakes().onJobStatus = [](const v1::GetJobStatusRequest& request) -> Result<v1::JobStatusResponse> {
        if (request.job_id() != "the-job")
            return Error{ErrorCode::JobNotFound, "none"};
        return jobNamed(request.job_id(), v1::JOB_STATUS_PROCESSING);
    };
    const HttpAnswer answer = rest.ask("GET", "/api/v1/jobs/the-job");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/status"), std::string("processing"));
    QCOMPARE(at(answer, "/inputs_done"), std::string("1"));
    QCOMPARE(rest.ask("GET", "/api/v1/jobs/another").status, 404);
}

void TestJobRoutes::aResultIsAnInferencesAnswer() {
    RestFixture rest;
    rest.fakes().onJobResult = [](const v1::GetJobResultRequest& request) -> Result<service::JobService::Response> {
        v1::InferenceRequest inputs;
        if (request.job_id() == "single")
            inputs.mutable_input_data()->set_text("abc");
        else
            inputs.mutable_input_data()->mutable_text_batch()->add_texts("abc");
        return std::make_shared<const v1::InferenceResponse>(embeddingFor(inputs));
    };
    QCOMPARE(at(rest.ask("GET", "/api/v1/jobs/single/result"), "/output_data/embedding/0"), std::string("3"));
    QCOMPARE(at(rest.ask("GET", "/api/v1/jobs/list/result"), "/output_data/embeddings/0/0"), std::string("3"));
}

void TestJobRoutes::aResultThatIsNotThereYetIsAConflict() {
    RestFixture rest;
    rest.fakes().onJobResult = [](const v1::GetJobResultRequest&) -> Result<service::JobService::Response> {
        return Error{ErrorCode::JobNotReady, "Not yet.", {{"status", std::string("queued")}}};
    };
    const HttpAnswer answer = rest.ask("GET", "/api/v1/jobs/a/result");
    QCOMPARE(answer.status, 409);
    QVERIFY(answer.body.find("JOB_NOT_READY") != std::string::npos);
}

void TestJobRoutes::aJobIsCancelled() {
    RestFixture rest;
    rest.fakes().onCancelJob = [](const v1::CancelJobRequest& request) {
        v1::CancelJobResponse response;
        response.set_job_id(request.job_id());
        response.set_status(v1::JOB_STATUS_CANCELLED);
        return response;
    };
    const HttpAnswer answer = rest.ask("DELETE", "/api/v1/jobs/a");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/status"), std::string("cancelled"));
    QCOMPARE(rest.ask("PUT", "/api/v1/jobs/a", "{}").status, 405);
    rest.fakes().onRetryJob = [](const v1::RetryJobRequest& request) {
        v1::JobReference reference;
        reference.set_job_id(request.job_id() + "-again");
        reference.set_status(v1::JOB_STATUS_QUEUED);
        return reference;
    };
    const HttpAnswer again = rest.ask("POST", "/api/v1/jobs/a/retry");
    QCOMPARE(again.status, 202);
    QCOMPARE(at(again, "/job_id"), std::string("a-again"));
    QCOMPARE(at(again, "/status_url"), std::string("/api/v1/jobs/a-again"));
}

QTEST_GUILESS_MAIN(TestJobRoutes)
#include "test_job_routes.moc"
