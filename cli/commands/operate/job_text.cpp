#include "cli/commands/operate/job_text.h"

#include "cli/commands/describe.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

namespace mm::cli {
namespace {

std::string done(const v1::JobStatusResponse& job) {
    return std::to_string(job.inputs_done()) + " of " + std::to_string(job.inputs_total());
}

std::string describeWebhook(const v1::WebhookStatus& webhook) {
    if (webhook.url().empty())
        return {};
    if (webhook.delivered())
        return webhook.url() + " was told";
    if (webhook.attempts() == 0)
        return webhook.url() + " will be told at the end";
    return webhook.url() + " was tried " + std::to_string(webhook.attempts()) + " times: " + webhook.last_error();
}

} // namespace

std::string describeJobs(const v1::ListJobsResponse& jobs, const Terminal& terminal) {
    Table table({{"JOB"},
                 {"STATUS"},
                 {"MODEL"},
                 {"CLIENT"},
                 {"PRIORITY"},
                 {"INPUTS DONE", Table::Align::Right},
                 {"SUBMITTED"},
                 {"NOTE"}});
    for (const auto& job : jobs.jobs())
        table.add({job.job_id(), statusCell(enumName(job.status()), terminal), job.model_id(), job.client(),
                   enumName(job.priority()), done(job), ageOf(job.created_at()), job.error().message()});
    const int more = jobs.pagination().total() - jobs.jobs_size();
    return table.render(titlePainter(terminal)) +
           (more > 0 ? "and " + std::to_string(more) + " older ones\n" : std::string());
}

std::string describeJob(const v1::JobStatusResponse& job, const Terminal& terminal) {
    const std::string text = renderFields(
        {{"job", job.job_id()},
         {"model", job.model_id()},
         {"status", enumName(job.status())},
         {"inputs done", done(job)},
         {"priority", enumName(job.priority())},
         {"client", job.client()},
         {"submitted", timeOf(job.created_at())},
         {"started", timeOf(job.started_at())},
         {"ended", timeOf(job.completed_at())},
         {"starts", job.attempts() > 1 ? std::to_string(job.attempts()) : std::string()},
         {"result", job.result_bytes() > 0 ? humanBytes(static_cast<double>(job.result_bytes())) : std::string()},
         {"sha256 of it", job.result_sha256()},
         {"kept until", timeOf(job.expires_at())},
         {"webhook", describeWebhook(job.webhook())}});
    return job.has_error() ? text + "\n" + describeFailure("error:", job.error(), terminal) : text;
}

} // namespace mm::cli
