#include "engine/inference/jobs/job_admission.h"

#include <QUrl>

#include <algorithm>

namespace mm::inference {
namespace {

bool isPrintable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string tooLong(std::size_t length, std::size_t limit) {
    return "is " + std::to_string(length) + " characters, and " + std::to_string(limit) + " are allowed";
}

} // namespace

std::optional<std::string> badWebhookUrl(const std::string& text) {
    if (text.size() > kLongestWebhookUrl)
        return tooLong(text.size(), kLongestWebhookUrl);
    const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    if (!url.isValid() || url.isRelative())
        return "is not a URL such as https://example.org/hook";
    if (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https"))
        return "must begin with http:// or https://, not " + url.scheme().left(20).toStdString() + ":";
    if (url.host().isEmpty())
        return "names no host";
    if (!url.userInfo().isEmpty())
        return "must hold no user name or password; webhook_secret signs what is sent";
    if (url.hasFragment())
        return "must hold no fragment (#…)";
    return std::nullopt;
}

Result<Job> draftJob(const v1::JobOptions& options, const JobSettings& settings) {
    std::vector<FieldError> wrong;
    const auto refuse = [&wrong](const char* field, std::string why) { wrong.push_back({field, std::move(why)}); };
    if (options.idempotency_key().size() > kLongestIdempotencyKey)
        refuse("idempotency_key", tooLong(options.idempotency_key().size(), kLongestIdempotencyKey));
    else if (!isPrintable(options.idempotency_key()))
        refuse("idempotency_key", "must be visible ASCII characters without spaces");
    if (!options.webhook_url().empty())
        if (auto why = badWebhookUrl(options.webhook_url()))
            refuse("webhook_url", std::move(*why));
    if (options.webhook_secret().size() > kLongestWebhookSecret)
        refuse("webhook_secret", tooLong(options.webhook_secret().size(), kLongestWebhookSecret));
    else if (!options.webhook_secret().empty() && options.webhook_url().empty())
        refuse("webhook_secret", "is of no use without a webhook_url");
    if (options.keep_result_seconds() < 0 || options.keep_result_seconds() > kLongestKeepSeconds)
        refuse("keep_result_seconds", "must be 1 to " + std::to_string(kLongestKeepSeconds) +
                                          ", or 0 for as long as the engine is set; it is " +
                                          std::to_string(options.keep_result_seconds()));
    if (!wrong.empty()) {
        Error error{ErrorCode::ValidationError, {}, {}, std::move(wrong)};
        for (const FieldError& field : error.fieldErrors)
            error.message.append(error.message.empty() ? "" : "; ").append(field.field + ": " + field.message);
        return error;
    }
    Job job;
    job.idempotencyKey = options.idempotency_key();
    job.webhook.url = options.webhook_url();
    job.webhook.secret = options.webhook_secret();
    job.keepFor =
        options.keep_result_seconds() > 0 ? std::chrono::seconds(options.keep_result_seconds()) : settings.keepFor;
    return job;
}

} // namespace mm::inference
