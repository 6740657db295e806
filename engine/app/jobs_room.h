// Everything that jobs are made of, put together: their storage on its thread, the runner, the webhooks, the service.
// Made after the catalogue, which holds the data folder's lock and has brought the database up to date. Engine thread.
#pragma once

#include "engine/app/adapters/listener_lists.h"
#include "engine/app/settings.h"
#include "engine/inference/jobs/dispatched_pieces.h"
#include "engine/inference/jobs/webhook/webhook_sender.h"
#include "engine/service/jobs/local_job_service.h"

#include <memory>

namespace mm::app {

class JobsRoom {
public:
    struct Needs {
        inference::ModelCatalogue& catalogue;
        inference::Dispatcher& dispatcher;
        const inference::DispatcherOptions& limits;
        const Clock& clock;
        Executor& engineThread;
        inference::JobListener& listener; // besides the webhooks
    };
    // Blocks while the database is opened.
    static Result<std::unique_ptr<JobsRoom>> open(const Settings& settings, const Needs& needs);

    // Those of its settings that may change.
    void setOptions(const Settings& settings);
    // What the last engine left goes on.
    void start();
    // Before the dispatcher ends what it has.
    void stop() { m_runner.stop(); }
    int endModel(const std::string& key, const Error& error) { return m_runner.endModel(key, error); }
    [[nodiscard]] service::JobService& service() { return m_service; }

private:
    JobsRoom(const Settings& settings, const Needs& needs, std::unique_ptr<inference::JobStorageThread> storage);

    std::unique_ptr<inference::JobStorageThread> m_storage;
    inference::DispatchedPieces m_pieces;
    inference::WebhookSender m_webhooks;
    JobListeners m_listeners;
    inference::JobRunner m_runner;
    service::LocalJobService m_service;
};

} // namespace mm::app
