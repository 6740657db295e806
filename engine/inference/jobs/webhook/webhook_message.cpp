#include "engine/inference/jobs/webhook/webhook_message.h"

#include <QMessageAuthenticationCode>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mm::inference {
namespace {

QByteArray bytesOf(const std::string& text) {
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

std::string bodyOf(const Job& job) {
    nlohmann::ordered_json body;
    body["event"] = "job." + std::string(jobStatusName(job.status));
    body["job_id"] = job.id;
    body["model_id"] = job.modelKey;
    body["status"] = jobStatusName(job.status);
    body["inputs_done"] = job.inputsDone;
    body["inputs_total"] = job.inputsTotal;
    body["created_at"] = toIso8601(job.createdAt);
    if (job.completedAt)
        body["completed_at"] = toIso8601(*job.completedAt);
    if (job.status == v1::JOB_STATUS_COMPLETED) {
        body["result_url"] = "/api/v1/jobs/" + job.id + "/result";
        body["result_sha256"] = job.resultSha256;
        if (job.expiresAt)
            body["expires_at"] = toIso8601(*job.expiresAt);
    }
    if (job.error) {
        body["error"]["code"] = job.error->code();
        body["error"]["message"] = job.error->message();
    }
    // Texts of an error may quote a client's input: what is no UTF-8 is replaced, never thrown at.
    return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string whyFailed(const WebhookOutcome& outcome) {
    if (outcome.httpStatus == 0)
        return outcome.transport;
    std::string why = "the receiver answered " + std::to_string(outcome.httpStatus);
    if (outcome.httpStatus >= 300 && outcome.httpStatus < 400)
        why += "; redirects are not followed";
    return why;
}

} // namespace

WebhookMessage webhookMessage(const Job& job, WallTime now) {
    WebhookMessage message;
    message.body = bytesOf(bodyOf(job));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const QByteArray timestamp = QByteArray::number(static_cast<qlonglong>(seconds));
    message.headers = {{"Content-Type", "application/json"},
                       {"User-Agent", "ModelMora/" MM_VERSION},
                       {"X-ModelMora-Event", "job." + bytesOf(std::string(jobStatusName(job.status)))},
                       {"X-ModelMora-Delivery", bytesOf(job.id)},
                       {"X-ModelMora-Timestamp", timestamp}};
    if (!job.webhook.secret.empty()) {
        const QByteArray mac = QMessageAuthenticationCode::hash(
            timestamp + '.' + message.body, bytesOf(job.webhook.secret), QCryptographicHash::Sha256);
        message.headers.append({"X-ModelMora-Signature", "sha256=" + mac.toHex()});
    }
    return message;
}

Webhook afterAttempt(Webhook webhook, const WebhookOutcome& outcome, WallTime now, const WebhookSettings& settings) {
    ++webhook.attempts;
    webhook.dueAt.reset();
    webhook.delivered = outcome.httpStatus >= 200 && outcome.httpStatus < 300;
    webhook.lastError = webhook.delivered ? std::string() : whyFailed(outcome);
    if (webhook.delivered || webhook.attempts >= settings.maxAttempts)
        return webhook;
    auto pause = settings.firstPause;
    for (int i = 1; i < webhook.attempts && pause < settings.longestPause; ++i)
        pause *= 2;
    webhook.dueAt = now + std::min(pause, settings.longestPause);
    return webhook;
}

} // namespace mm::inference
