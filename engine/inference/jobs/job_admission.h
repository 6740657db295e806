// What a job must be before it is accepted: the options that only jobs have. Pure, any thread; every wrong field is
// named.
#pragma once

#include "engine/inference/jobs/job.h"
#include "engine/inference/jobs/job_settings.h"

namespace mm::inference {

inline constexpr std::size_t kLongestIdempotencyKey = 255;
inline constexpr std::size_t kLongestWebhookUrl = 2048;
inline constexpr std::size_t kLongestWebhookSecret = 512;
inline constexpr std::int64_t kLongestKeepSeconds = std::int64_t{366} * 24 * 3600;

// A draft with what the options say; ValidationError otherwise.
Result<Job> draftJob(const v1::JobOptions& options, const JobSettings& settings);

// Nothing, or why a webhook cannot be sent there: http and https alone, with a host and without a user's name.
std::optional<std::string> badWebhookUrl(const std::string& url);

} // namespace mm::inference
