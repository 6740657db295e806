#include "engine/inference/jobs/webhook/webhook_sender.h"

#include "engine/base/log.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace mm::inference {
namespace {

QNetworkRequest requestFor(const Job& job, const WebhookMessage& message, const WebhookSettings& settings) {
    QNetworkRequest request(QUrl(QString::fromStdString(job.webhook.url), QUrl::StrictMode));
    for (const auto& [name, value] : message.headers)
        request.setRawHeader(name, value);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setTransferTimeout(static_cast<int>(settings.timeout.count()));
    return request;
}

} // namespace

WebhookSender::WebhookSender(WebhookSettings settings, Ports ports) : m_settings(settings), m_ports(ports) {
    m_network.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { sendDue(); });
}

WebhookSender::~WebhookSender() = default;

void WebhookSender::start() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_ports.storage.call<std::vector<Job>>(
        [](JobStorage& storage) { return storage.pendingWebhooks(); }, m_ports.engineThread,
        [this, alive = std::weak_ptr(m_alive)](Result<std::vector<Job>> jobs) {
            if (alive.expired())
                return;
            if (!jobs.ok())
                return log::write(log::Level::Error, "webhooks that are due were not read", jobs.error());
            for (const Job& job : *jobs)
                onJobEnded(job);
        });
}

void WebhookSender::onJobEnded(const Job& job) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (!job.webhook.dueAt || m_underWay.contains(job.id))
        return;
    m_pending.insert_or_assign(job.id, job);
    sendDue();
}

void WebhookSender::sendDue() {
    const WallTime now = m_ports.clock.wallNow();
    std::vector<std::string> due;
    for (const auto& [id, job] : m_pending)
        if (*job.webhook.dueAt <= now && static_cast<int>(m_underWay.size() + due.size()) < m_settings.atOnce)
            due.push_back(id);
    for (const std::string& id : due) {
        m_underWay.insert(id);
        send(std::move(m_pending.extract(id).mapped()));
    }
    arm();
}

void WebhookSender::arm() {
    if (m_pending.empty() || static_cast<int>(m_underWay.size()) >= m_settings.atOnce)
        return; // what comes back arms it again
    WallTime next = WallTime::max();
    for (const auto& [id, job] : m_pending)
        next = std::min(next, *job.webhook.dueAt);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - m_ports.clock.wallNow());
    m_timer.start(std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(std::chrono::hours(1))));
}

void WebhookSender::send(Job job) {
    const WebhookMessage message = webhookMessage(job, m_ports.clock.wallNow());
    QNetworkReply* reply = m_network.post(requestFor(job, message, m_settings), message.body);
    // Only the status counts; a receiver that talks on and on is not listened to.
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply, limit = m_settings.maxAnswerBytes] {
        const qint64 seen = reply->property("mmSeen").toLongLong() + reply->skip(reply->bytesAvailable());
        reply->setProperty("mmSeen", seen);
        if (seen > limit)
            reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::finished, &m_timer, [this, reply, job = std::move(job)] {
        reply->deleteLater();
        onFinished(*reply, job);
    });
}

void WebhookSender::onFinished(QNetworkReply& reply, Job job) {
    WebhookOutcome outcome;
    outcome.httpStatus = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (outcome.httpStatus == 0)
        outcome.transport = reply.error() == QNetworkReply::OperationCanceledError
                                ? "no answer came within " + std::to_string(m_settings.timeout.count()) + " ms"
                                : reply.errorString().left(300).toStdString();
    note(std::move(job), outcome);
}

void WebhookSender::note(Job job, const WebhookOutcome& outcome) {
    job.webhook = afterAttempt(std::move(job.webhook), outcome, m_ports.clock.wallNow(), m_settings);
    const Webhook& webhook = job.webhook;
    if (webhook.delivered)
        log::info("webhook delivered", {{"job_id", job.id}, {"attempts", webhook.attempts}});
    else
        log::warning(webhook.dueAt ? "webhook failed and is sent again" : "webhook failed and is given up",
                     {{"job_id", job.id}, {"attempts", webhook.attempts}, {"reason", webhook.lastError}});
    if (m_ports.listener != nullptr)
        m_ports.listener->onWebhook(job);
    const std::string id = job.id;
    m_ports.storage.call<void>(
        [id, webhook](JobStorage& storage) { return storage.noteWebhook(id, webhook); }, m_ports.engineThread,
        [id](Result<void> noted) {
            if (!noted.ok())
                log::write(log::Level::Warning, "webhook attempt not noted; it may be sent once more", noted.error(),
                           {{"job_id", id}});
        });
    m_underWay.erase(id);
    if (webhook.dueAt)
        m_pending.insert_or_assign(id, std::move(job));
    sendDue();
}

} // namespace mm::inference
