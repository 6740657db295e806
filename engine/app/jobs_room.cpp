#include "engine/app/jobs_room.h"

#include "engine/inference/jobs/store/sqlite_job_store.h"
#include "engine/registry/catalogue.h"

#include <utility>

namespace mm::app {
namespace {

inference::JobSettings jobSettings(const Settings& settings) {
    inference::JobSettings jobs;
    jobs.maxUnfinished = settings.maxJobs;
    jobs.maxPayloadBytes = settings.maxJobBytes;
    jobs.keepFor = settings.jobRetention;
    return jobs;
}

inference::WebhookSettings webhookSettings(const Settings& settings) {
    inference::WebhookSettings webhooks;
    webhooks.maxAttempts = settings.webhookAttempts;
    webhooks.firstPause = settings.webhookPause;
    return webhooks;
}

Result<std::unique_ptr<inference::JobStorage>> openStorage(const Settings& settings, const Clock& clock) {
    store::DatabaseOptions options{settings.dataDir / registry::kDatabaseName, clock.wallNow()};
    options.prepared = true;
    MM_TRY(auto rows, inference::SqliteJobStore::open(options));
    return inference::JobStorage::open(settings.dataDir / "jobs", jobSettings(settings), std::move(rows), clock);
}

} // namespace

JobsRoom::JobsRoom(const Settings& settings, const Needs& needs, std::unique_ptr<inference::JobStorageThread> storage)
    : m_storage(std::move(storage))
    , m_pieces(needs.dispatcher, needs.clock)
    , m_webhooks(webhookSettings(settings), {*m_storage, needs.clock, needs.engineThread, &needs.listener})
    , m_runner(jobSettings(settings), needs.limits,
               {needs.catalogue, m_pieces, *m_storage, m_listeners, needs.engineThread})
    , m_service(needs.engineThread, m_runner) {
    m_listeners.add(needs.listener); // it hears of the end before the webhook is sent
    m_listeners.add(m_webhooks);
}

Result<std::unique_ptr<JobsRoom>> JobsRoom::open(const Settings& settings, const Needs& needs) {
    MM_TRY(auto storage, inference::JobStorageThread::start(QStringLiteral("job-store"),
                                                            [&] { return openStorage(settings, needs.clock); }));
    return std::unique_ptr<JobsRoom>(new JobsRoom(settings, needs, std::move(storage)));
}

void JobsRoom::setOptions(const Settings& settings) {
    m_runner.setSettings(jobSettings(settings));
    m_webhooks.setSettings(webhookSettings(settings));
}

void JobsRoom::start() {
    m_runner.start();
    m_webhooks.start();
}

} // namespace mm::app
