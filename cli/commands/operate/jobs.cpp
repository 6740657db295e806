// jobs submit, list, show, wait, result, cancel, retry: requests that survive the engine.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/commands/inference_text.h"
#include "cli/commands/operate/job_text.h"
#include "cli/input/inference_input.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

#include <chrono>
#include <cstdlib>
#include <limits>
#include <thread>

namespace mm::cli {
namespace {

using Inference = v1::InferenceService::StubInterface;

// Not a flag: the arguments of a program can be seen by others.
constexpr const char* kSecretVariable = "MODELMORA_WEBHOOK_SECRET";

class Submit final : public Command {
public:
    Submit() {
        m_declaration = {.name = "jobs submit",
                         .summary = "Have texts computed as a job that survives the engine; prints its id.",
                         .positionals = m_input.positionals(),
                         .flags = m_input.flags(),
                         .examples = {"modelmora jobs submit org/repo --file texts.txt --priority low",
                                      "job=$(cat texts.txt | modelmora jobs submit org/repo - --key night-1 --quiet)"},
                         .details = std::string("What a webhook is told is signed with the secret in ") +
                                    kSecretVariable + "."};
        for (Flag& flag : jobFlags())
            m_declaration.flags.push_back(std::move(flag));
    }

    Result<ExitCode> run(Context& context) override {
        constexpr InferenceInput::Bounds kAll{.texts = std::numeric_limits<std::size_t>::max(),
                                              .bytes = std::numeric_limits<std::size_t>::max()};
        MM_CHECK(m_input.read(context.input));
        MM_TRY(v1::InferenceRequest request, m_input.request(context.options));
        MM_CHECK(m_input.fill(0, kAll, *request.mutable_input_data()));
        request.mutable_job()->set_idempotency_key(m_key);
        request.mutable_job()->set_webhook_url(m_webhook);
        if (const char* secret = std::getenv(kSecretVariable); secret != nullptr && !m_webhook.empty())
            request.mutable_job()->set_webhook_secret(secret);
        request.mutable_job()->set_keep_result_seconds(m_keepSeconds);
        MM_TRY(const auto job, context.engine().call(&Inference::InferAsync, request, EngineClient::kInferSeconds));
        context.show(job, [&] { return printable(job.job_id()) + "\n"; });
        if (!context.options.json)
            context.terminal.note("It is " + enumName(job.status()) +
                                  "; `modelmora jobs show ID` tells how far it "
                                  "is, `modelmora jobs result ID` what came of it.\n");
        return ExitCode::Ok;
    }

private:
    std::vector<Flag> jobFlags() {
        return {
            {"--key", "TEXT", "Sent again with the same key and texts, it is the same job.", "--key night-1", &m_key},
            {"--keep", "SECONDS", "How long the result is kept after the end.", "--keep 86400", &m_keepSeconds},
            {"--webhook", "URL", "An address that is told when the job ends.", "--webhook http://127.0.0.1:9000/done",
             &m_webhook}};
    }

    InferenceInput m_input;
    std::string m_key;
    int m_keepSeconds = 0;
    std::string m_webhook;
};

class List final : public Command {
public:
    List() {
        m_declaration = {.name = "jobs list",
                         .summary = "List the jobs, the newest first.",
                         .flags = {{"--model", "MODEL", "Only jobs of this model.", "--model org/repo", &m_model},
                                   {"--client", "NAME", "Only jobs of this client.", "--client nightly", &m_client},
                                   {"--status",
                                    "STATUS",
                                    "Only jobs of this status.",
                                    "--status processing",
                                    &m_status,
                                    {"queued", "processing", "completed", "failed", "cancelled"}},
                                   {"--limit", "N", "At most so many, 1 to 100.", "--limit 20", &m_limit}},
                         .examples = {"modelmora jobs list", "modelmora jobs list --status failed --json"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::ListJobsRequest request;
        request.set_model_id(m_model);
        request.set_client(m_client);
        for (int value = v1::JobStatus_MIN; value <= v1::JobStatus_MAX; ++value)
            if (enumName(static_cast<v1::JobStatus>(value)) == m_status)
                request.set_status(static_cast<v1::JobStatus>(value));
        request.mutable_pagination()->set_page(1);
        request.mutable_pagination()->set_page_size(m_limit);
        MM_TRY(const auto jobs, context.engine().call(&Inference::ListJobs, request));
        if (jobs.jobs().empty() && !context.options.json) {
            context.terminal.note("No jobs.\n");
            return ExitCode::Ok;
        }
        context.show(jobs, [&] { return describeJobs(jobs, context.terminal); });
        return ExitCode::Ok;
    }

private:
    std::string m_model;
    std::string m_client;
    std::string m_status;
    int m_limit = 100;
};

// What show, result and cancel have in common: the id of a job.
class JobCommand : public Command {
protected:
    JobCommand(const char* verb, const char* summary) {
        m_declaration = {.name = std::string("jobs ") + verb,
                         .summary = summary,
                         .positionals = {{"ID", "the id of a job", &m_id}},
                         .examples = {std::string("modelmora jobs ") + verb + " 5f0c9e9a-7c1b-4f61-9df3-0d8f"}};
    }
    template <typename Request>
    [[nodiscard]] Request request() const {
        Request request;
        request.set_job_id(m_id);
        return request;
    }

private:
    std::string m_id;
};

class Show final : public JobCommand {
public:
    Show() : JobCommand("show", "Show one job: how far it is, and what went wrong.") {}
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto job, context.engine().call(&Inference::GetJobStatus, request<v1::GetJobStatusRequest>()));
        context.show(job, [&] { return describeJob(job, context.terminal); });
        return ExitCode::Ok;
    }
};

class Wait final : public JobCommand {
public:
    Wait() : JobCommand("wait", "Wait for the end of a job, telling how far it is.") {
        m_declaration.details =
            "Ends with 0 when the job is completed and with 1 when it failed or was cancelled. --timeout bounds it.";
    }
    Result<ExitCode> run(Context& context) override {
        constexpr auto kPause = std::chrono::milliseconds(200);
        const auto began = std::chrono::steady_clock::now();
        while (true) {
            MM_TRY(const auto job, context.engine().call(&Inference::GetJobStatus, request<v1::GetJobStatusRequest>()));
            if (job.has_completed_at())
                return end(context, job);
            const double part = static_cast<double>(job.progress()) / 100;
            if (!context.options.json)
                context.terminal.live(progressBar(part) + " " + humanNumber(part * 100, 0) + " %  " +
                                      enumName(job.status()));
            if (context.options.timeoutSeconds > 0 &&
                std::chrono::steady_clock::now() - began > std::chrono::seconds(context.options.timeoutSeconds))
                return Error{ErrorCode::InferenceTimeout, "The job is " + enumName(job.status()) + " after " +
                                                              std::to_string(context.options.timeoutSeconds) + " s."};
            std::this_thread::sleep_for(kPause);
        }
    }

private:
    static ExitCode end(Context& context, const v1::JobStatusResponse& job) {
        context.terminal.endLive();
        context.show(job, [&] { return describeJob(job, context.terminal); });
        return job.status() == v1::JOB_STATUS_COMPLETED ? ExitCode::Ok : ExitCode::Failed;
    }
};

class ShowResult final : public JobCommand {
public:
    ShowResult() : JobCommand("result", "Show what a completed job computed; complete with --json.") {}
    Result<ExitCode> run(Context& context) override {
        MM_TRY(auto result, context.engine().call(&Inference::GetJobResult, request<v1::GetJobResultRequest>(),
                                                  EngineClient::kInferSeconds));
        context.show(result, [&] { return describeInference(result, {}, false, context.terminal); });
        return ExitCode::Ok;
    }
};

class Cancel final : public JobCommand {
public:
    Cancel() : JobCommand("cancel", "Stop a job that is not over; forget one that is, with its result.") {}
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto job, context.engine().call(&Inference::CancelJob, request<v1::CancelJobRequest>()));
        context.show(job, [&] {
            return printable(job.job_id()) + (job.status() == v1::JOB_STATUS_CANCELLED
                                                  ? " is cancelled\n"
                                                  : " was " + enumName(job.status()) + " and is forgotten\n");
        });
        return ExitCode::Ok;
    }
};

class Retry final : public JobCommand {
public:
    Retry() : JobCommand("retry", "Send a job that failed or was cancelled once more; prints the new job's id.") {
        m_declaration.details = "The inputs of such a job are kept as long as its result would have been.";
    }
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto job,
               context.engine().call(&v1::JobService::StubInterface::RetryJob, request<v1::RetryJobRequest>()));
        context.show(job, [&] { return printable(job.job_id()) + "\n"; });
        return ExitCode::Ok;
    }
};

} // namespace

std::unique_ptr<Command> makeJobsSubmit() {
    return std::make_unique<Submit>();
}
std::unique_ptr<Command> makeJobsList() {
    return std::make_unique<List>();
}
std::unique_ptr<Command> makeJobsShow() {
    return std::make_unique<Show>();
}
std::unique_ptr<Command> makeJobsWait() {
    return std::make_unique<Wait>();
}
std::unique_ptr<Command> makeJobsResult() {
    return std::make_unique<ShowResult>();
}
std::unique_ptr<Command> makeJobsCancel() {
    return std::make_unique<Cancel>();
}
std::unique_ptr<Command> makeJobsRetry() {
    return std::make_unique<Retry>();
}

} // namespace mm::cli
