// The field "job" of POST /infer/{model}/async, and what jobs look like in JSON. Pure, any thread.
#pragma once

#include "engine/rest/answer.h"
#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"
#include "modelmora/v1/inference.pb.h"

namespace mm::rest::native {

// An object with idempotency_key, webhook_url, webhook_secret and keep_result_seconds, all of them optional.
void readJobOptions(JsonReader& reader, modelmora::v1::JobOptions& out, const FieldPath& path, FieldErrors& errors);

// 202, with where to ask for it.
Answer acceptedAnswer(const modelmora::v1::JobReference& job);
Answer jobListAnswer(const modelmora::v1::ListJobsResponse& list);

} // namespace mm::rest::native
