// The commands with which an operator looks and acts: memory, plan, pins, the queue, requests and jobs.
#include "engine/events/event_type.h"
#include "tests/support/cli_house.h"

#include <QJsonArray>
#include <QtTest>

namespace v1 = modelmora::v1;
using mm::test::CliHouse;
using mm::test::CliOutcome;
using mm::test::words;

namespace {

v1::QueueEntry waiting(const std::string& id, int position) {
    v1::QueueEntry entry;
    entry.set_request_id(id);
    entry.set_model_id("org/m");
    entry.set_version("main");
    entry.set_client("web");
    entry.set_priority(v1::PRIORITY_NORMAL);
    entry.set_state(v1::REQUEST_STATE_WAITING);
    entry.set_position(position);
    entry.set_waited_ms(2100);
    entry.set_inputs(3);
    entry.set_reason("org/m@main is busy");
    return entry;
}

v1::JobStatusResponse job(const std::string& id, v1::JobStatus status) {
    v1::JobStatusResponse job;
    job.set_job_id(id);
    job.set_model_id("org/m@main");
    job.set_status(status);
    job.set_priority(v1::PRIORITY_LOW);
    job.set_inputs_done(7);
    job.set_inputs_total(20);
    return job;
}

} // namespace

class TestOperating : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void planTellsWhatWouldHappenAndWhetherItCan() {
        CliHouse house;
        v1::PlanLoadRequest seen;
        bool possible = true;
        house.fake.onPlan = [&](const v1::PlanLoadRequest& request) {
            seen = request;
            v1::LoadPlan plan;
            plan.set_possible(possible);
            plan.set_explanation("It fits when org/old@1 goes.");
            auto* need = plan.add_devices();
            need->set_device("cpu");
            need->set_needed_bytes(3 << 20);
            need->mutable_estimate()->set_source("measured");
            auto* eviction = plan.add_evictions();
            eviction->set_model_id("org/old");
            eviction->set_version("1");
            eviction->set_freed_bytes(5 << 20);
            eviction->set_reason("used longest ago");
            return plan;
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("plan org/new --instances 2"));
        QCOMPARE(text.code, 0);
        QCOMPARE(seen.instances(), 2);
        QVERIFY(text.out.startsWith("It fits when org/old@1 goes.\n"));
        QVERIFY(text.out.contains("cpu       3 MB  measured"));
        QVERIFY(text.out.contains("org/old@1   5 MB  -          used longest ago"));
        house.fake.run([&] { possible = false; });
        QCOMPARE(house.run(words("plan org/new --json")).code, 8);
    }

    void loadPassesOnWhatItMayDo() {
        CliHouse house;
        v1::LoadModelRequest seen;
        house.fake.onLoad = [&](const auto& request, const auto&, const auto& reply) {
            seen = request;
            reply(v1::ModelStatus());
        };
        QVERIFY(house.start());
        QCOMPARE(house.run(words("load org/m")).code, 0);
        QVERIFY(!seen.force() && !seen.has_pin() && seen.instances() == 0);
        QCOMPARE(house.run(words("load org/m --force --instances 3 --pin")).code, 0);
        QVERIFY(seen.force() && seen.pin());
        QCOMPARE(seen.instances(), 3);
    }

    void pinsAreSetAndTakenBack() {
        CliHouse house;
        house.fake.onPin = [](const v1::SetPinnedRequest& request) {
            v1::ModelStatus status;
            status.set_pinned(request.pinned());
            status.set_state(v1::MODEL_STATE_UNLOADED);
            return status;
        };
        QVERIFY(house.start());
        QCOMPARE(house.run(words("pin org/m")).out, QByteArray("org/m is pinned, and unloaded\n"));
        QCOMPARE(house.run(words("unpin org/m")).out, QByteArray("org/m is not pinned, and unloaded\n"));
    }

    void memoryTellsWhoHoldsWhatAndWhyTheBudgetIsSmaller() {
        CliHouse house;
        house.fake.onMemory = [] {
            v1::MemoryLedger ledger;
            auto* device = ledger.add_devices();
            device->set_device("cpu");
            device->set_budget_bytes(std::int64_t{4} << 30);
            device->set_effective_budget_bytes(std::int64_t{1} << 30);
            device->set_other_programs_bytes(std::int64_t{3} << 30);
            auto* entry = device->add_entries();
            entry->set_model_id("org/m");
            entry->set_version("main");
            entry->set_state(v1::LEDGER_STATE_RELEASING);
            entry->set_predicted_bytes(100 << 20);
            entry->set_measured_bytes(120 << 20);
            entry->mutable_estimate()->set_source("files");
            return ledger;
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("memory"));
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.contains("4 GB, now 1 GB because other programs hold 3 GB"));
        QVERIFY(text.out.contains("org/m@main         0  releasing     100 MB  files    120 MB"));
        const QJsonValue device = house.run(words("memory --json")).json()[QLatin1String("devices")].toArray()[0];
        QCOMPARE(device[QLatin1String("entries")][0][QLatin1String("state")].toString(), QStringLiteral("releasing"));
    }

    void queueShowsWhoIsNextAndWhatIsLeftOut() {
        CliHouse house;
        v1::GetQueueRequest seen;
        house.fake.onQueue = [&](const v1::GetQueueRequest& request) {
            seen = request;
            v1::QueueReport report;
            *report.add_entries() = waiting("first", 1);
            *report.add_entries() = waiting("second", 2);
            report.mutable_depth()->set_medium_priority(5);
            report.set_running(4);
            report.set_total(5);
            return report;
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("queue --model org/m --client web --limit 2"));
        QCOMPARE(text.code, 0);
        QCOMPARE(seen.model_id() + " " + seen.client() + " " + std::to_string(seen.limit()),
                 std::string("org/m web 2"));
        QVERIFY(text.out.startsWith("4 running; waiting: 0 critical, 0 high, 5 normal, 0 low\n"));
        const auto lines = text.out.split('\n');
        QVERIFY(lines[3].contains("1  waiting  first") && lines[3].contains("2.1 s"));
        QVERIFY(lines[3].endsWith("org/m@main is busy"));
        QVERIFY(text.out.endsWith("and 3 more; --limit shows more of them\n"));
    }

    void aFollowedQueueIsShownAnewWhenItChangesUntilNobodyReads() {
        int readings = 0;
        CliHouse house;
        house.fake.onQueue = [&](const v1::GetQueueRequest&) { // on the engine's thread, as the log of events is
            house.fake.eventLog().publish(mm::events::type::kQueueDepth,
                                          {.message = "it changes as soon as it is read"});
            v1::QueueReport report;
            report.set_running(++readings);
            return report;
        };
        QVERIFY(house.start());
        // The shell ends with the program's own exit code: head leaves after two readings.
        QProcess shell;
        house.launch(
            shell, QStringLiteral("bash"),
            {QStringLiteral("-c"), QStringLiteral("set -o pipefail; " MM_CLI_PATH " queue --follow --json | head -2")});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitCode(), 0);
        for (int reading = 1; reading <= 2; ++reading) {
            const auto report = QJsonDocument::fromJson(shell.readLine()).object();
            QCOMPARE(report[QLatin1String("running")].toInt(), reading);
        }
        QVERIFY(shell.atEnd());
    }

    void requestsAreShownWithWhatBecameOfThem() {
        CliHouse house;
        house.fake.onRequest = [](const v1::GetRequestRequest& request) -> mm::Result<v1::QueueEntry> {
            if (request.request_id() != "a")
                return mm::Error{mm::ErrorCode::RequestNotFound, "There is no request b."};
            v1::QueueEntry entry = waiting("a", 0);
            entry.set_state(v1::REQUEST_STATE_FAILED);
            entry.mutable_error()->set_code("WORKER_CRASHED");
            entry.mutable_error()->set_message("The worker ended.");
            return entry;
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("requests show a"));
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.contains("failed") && text.out.contains("error: The worker ended."));
        const CliOutcome missing = house.run(words("requests show b"));
        QCOMPARE(missing.code, 4);
        QVERIFY(missing.err.contains("modelmora queue"));
    }

    void requestsAreHeldReleasedRaisedAndCancelled() {
        CliHouse house;
        const auto as = [](v1::RequestState state) {
            return [state](const auto& request) {
                v1::QueueEntry entry = waiting(request.request_id(), 2);
                entry.set_state(state);
                return entry;
            };
        };
        house.fake.onHoldRequest = as(v1::REQUEST_STATE_HELD);
        house.fake.onReleaseRequest = as(v1::REQUEST_STATE_WAITING);
        house.fake.onCancelRequest = as(v1::REQUEST_STATE_CANCELLED);
        house.fake.onSetRequestPriority = [](const v1::SetRequestPriorityRequest& request) {
            v1::QueueEntry entry = waiting(request.request_id(), 1);
            entry.set_priority(request.priority());
            return entry;
        };
        QVERIFY(house.start());
        QCOMPARE(house.run(words("requests hold a")).out, QByteArray("a is held, at place 2\n"));
        QCOMPARE(house.run(words("requests release a")).out, QByteArray("a is waiting, at place 2\n"));
        QCOMPARE(house.run(words("requests priority a critical")).out,
                 QByteArray("a is waiting, at place 1, with priority critical\n"));
        QCOMPARE(house.run(words("requests cancel a --json")).json()[QLatin1String("state")].toString(),
                 QStringLiteral("cancelled"));
        const CliOutcome wrong = house.run(words("requests priority a urgent"));
        QCOMPARE(wrong.code, 6);
        QVERIFY(wrong.err.contains("'urgent' is none of critical, high, normal, low"));
    }

    void aJobIsSubmittedWholeAndItsIdPrinted() {
        CliHouse house;
        v1::InferenceRequest seen;
        house.fake.onSubmitJob = [&](const v1::InferenceRequest& request, const auto&) {
            seen = request;
            v1::JobReference reference;
            reference.set_job_id("job-1");
            reference.set_status(v1::JOB_STATUS_QUEUED);
            return reference;
        };
        house.environment.insert(QStringLiteral("MODELMORA_WEBHOOK_SECRET"), QStringLiteral("s3cret"));
        QVERIFY(house.start());
        QByteArray input;
        for (int i = 0; i < 600; ++i)
            input += "text " + QByteArray::number(i) + "\n";
        const CliOutcome outcome = house.run(
            words("jobs submit org/m - --priority low --key k --keep 60 --webhook http://127.0.0.1:9/"), input);
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out, QByteArray("job-1\n"));
        QVERIFY(outcome.err.contains("modelmora jobs show ID"));
        QCOMPARE(seen.input_data().text_batch().texts_size(), 600);
        QCOMPARE(seen.priority(), v1::PRIORITY_LOW);
        QCOMPARE(seen.job().idempotency_key(), std::string("k"));
        QCOMPARE(seen.job().keep_result_seconds(), std::int64_t{60});
        QCOMPARE(seen.job().webhook_url(), std::string("http://127.0.0.1:9/"));
        QCOMPARE(seen.job().webhook_secret(), std::string("s3cret"));
        QVERIFY(house.run(words("jobs submit org/m a --quiet")).err.isEmpty());
        QVERIFY(seen.job().webhook_secret().empty());
        QCOMPARE(house.run(words("jobs submit org/m")).code, 6);
    }

    void jobsAreListedShownAndStopped() {
        CliHouse house;
        v1::ListJobsRequest asked;
        house.fake.onListJobs = [&](const v1::ListJobsRequest& request) {
            asked = request;
            v1::ListJobsResponse response;
            if (request.model_id() == "org/m")
                *response.add_jobs() = job("job-1", v1::JOB_STATUS_PROCESSING);
            response.mutable_pagination()->set_total(request.model_id() == "org/m" ? 3 : 0);
            return response;
        };
        house.fake.onJobStatus = [](const v1::GetJobStatusRequest& request) {
            auto failed = job(request.job_id(), v1::JOB_STATUS_FAILED);
            failed.mutable_error()->set_message("Inputs 3 to 5 could not be computed.");
            return failed;
        };
        house.fake.onCancelJob = [](const v1::CancelJobRequest& request) {
            v1::CancelJobResponse response;
            response.set_job_id(request.job_id());
            response.set_status(request.job_id() == "old" ? v1::JOB_STATUS_COMPLETED : v1::JOB_STATUS_CANCELLED);
            return response;
        };
        QVERIFY(house.start());
        const CliOutcome list = house.run(words("jobs list --model org/m --status processing --limit 1"));
        QCOMPARE(list.code, 0);
        QCOMPARE(asked.status(), v1::JOB_STATUS_PROCESSING);
        QCOMPARE(asked.pagination().page_size(), 1);
        QVERIFY(list.out.contains("job-1  processing  org/m@main") && list.out.contains("7 of 20"));
        QVERIFY(list.out.endsWith("and 2 older ones\n"));
        const CliOutcome none = house.run(words("jobs list"));
        QCOMPARE(asked.status(), v1::JOB_STATUS_UNSPECIFIED);
        QVERIFY(none.out.isEmpty() && none.err.contains("No jobs."));
        const CliOutcome shown = house.run(words("jobs show job-1"));
        QVERIFY(shown.out.contains("error: Inputs 3 to 5 could not be computed."));
        house.fake.onRetryJob = [](const v1::RetryJobRequest& request) {
            v1::JobReference reference;
            reference.set_job_id(request.job_id() + "-again");
            return reference;
        };
        QCOMPARE(house.run(words("jobs retry job-1")).out, QByteArray("job-1-again\n"));
        QCOMPARE(house.run(words("jobs cancel job-1")).out, QByteArray("job-1 is cancelled\n"));
        QCOMPARE(house.run(words("jobs cancel old")).out, QByteArray("old was completed and is forgotten\n"));
    }

    void aJobsResultIsShortForPeopleAndWholeAsJson() {
        CliHouse house;
        house.fake.onJobResult =
            [](const v1::GetJobResultRequest& request) -> mm::Result<mm::service::JobService::Response> {
            if (request.job_id() == "running")
                return mm::Error{mm::ErrorCode::JobNotReady, "It is not over."};
            v1::InferenceRequest inputs;
            for (int i = 0; i < 300; ++i)
                inputs.mutable_input_data()->mutable_text_batch()->add_texts(
                    std::string(static_cast<std::size_t>(i), 'x'));
            return std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(inputs, 12));
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("jobs result done"));
        QCOMPARE(text.code, 0);
        QVERIFY(text.out.contains("DIMENSION") && text.out.contains("..."));
        const QJsonValue output = house.run(words("jobs result done --json")).json()[QLatin1String("output_data")];
        const auto embeddings = output[QLatin1String("embedding_batch")][QLatin1String("embeddings")].toArray();
        QCOMPARE(embeddings.size(), 300);
        QCOMPARE(embeddings[299][QLatin1String("values")].toArray().size(), 12);
        const CliOutcome early = house.run(words("jobs result running"));
        QCOMPARE(early.code, 5);
        QVERIFY(early.err.contains("modelmora jobs show ID"));
    }
};

QTEST_GUILESS_MAIN(TestOperating)
#include "test_operating.moc"
