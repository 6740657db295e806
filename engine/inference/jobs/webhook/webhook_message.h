// What a webhook is sent: the body, the headers with its signature, and what the receiver's answer means. Pure, any
// thread.
#pragma once

#include "engine/inference/jobs/job.h"

#include <QByteArray>
#include <QList>
#include <QPair>

#include <chrono>
#include <string>

namespace mm::inference {

struct WebhookSettings {
    int maxAttempts = 10;
    std::chrono::milliseconds firstPause{5000}; // doubles each time
    std::chrono::milliseconds longestPause = std::chrono::hours(1);
    std::chrono::milliseconds timeout{10'000};
    std::int64_t maxAnswerBytes = 64 << 10;
    int atOnce = 8;
};

struct WebhookMessage {
    QByteArray body; // JSON; the same for every attempt
    QList<QPair<QByteArray, QByteArray>> headers;
};
// X-ModelMora-Delivery is the same for every attempt, so that a receiver knows what it has seen already.
// X-ModelMora-Signature: "sha256=" and the hexadecimal HMAC-SHA256, by the secret, of "<X-ModelMora-Timestamp>.<body>".
WebhookMessage webhookMessage(const Job& job, WallTime now);

struct WebhookOutcome {
    int httpStatus = 0;    // 0: no answer
    std::string transport; // what went wrong where there is none
};
// The webhook after one more attempt that ended so: delivered, due again, or given up.
Webhook afterAttempt(Webhook webhook, const WebhookOutcome& outcome, WallTime now, const WebhookSettings& settings);

} // namespace mm::inference
