// WebhookSender: tells others about the ends of jobs by POST, again with growing pauses until it was heard or given up.
// What is still to be told is in the database, so that the next start of the engine goes on: at least once, under one
// delivery id. Redirects are not followed, answers are read up to a bound, no cookie or proxy is used. Engine thread
// only.
#pragma once

#include "engine/inference/jobs/job_runner.h"
#include "engine/inference/jobs/webhook/webhook_message.h"

#include <QNetworkAccessManager>
#include <QTimer>

#include <map>
#include <memory>
#include <set>
#include <string>

class QNetworkReply;

namespace mm::inference {

class WebhookSender final : public JobListener {
public:
    struct Ports {
        JobStorageThread& storage;
        const Clock& clock;
        Executor& engineThread;
        JobListener* listener = nullptr; // told of each attempt; may be none
    };
    WebhookSender(WebhookSettings settings, Ports ports);
    ~WebhookSender() override;
    WebhookSender(const WebhookSender&) = delete;
    WebhookSender& operator=(const WebhookSender&) = delete;

    void setSettings(const WebhookSettings& settings) { m_settings = settings; }
    // Takes up what the last engine did not get told.
    void start();
    void onJobEnded(const Job& job) override;

    // Not delivered and not given up.
    [[nodiscard]] std::size_t pending() const { return m_pending.size() + m_underWay.size(); }

private:
    void sendDue();
    void send(Job job);
    void onFinished(QNetworkReply& reply, Job job);
    void note(Job job, const WebhookOutcome& outcome);
    void arm();

    WebhookSettings m_settings;
    Ports m_ports;
    std::map<std::string, Job> m_pending; // by job id; each has a time at which it is due
    std::set<std::string> m_underWay;
    QNetworkAccessManager m_network;
    QTimer m_timer;
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::inference
