// The answer to a request, made from the worker's last output: its result, and where the time went. Pure.
#pragma once

#include "engine/inference/queue/request_table.h"

namespace mm::inference {

// Takes the result out of the output.
Request::Response makeResponse(const Request& request, wv1::Output& output, const Clock& clock);

// What a request is charged: its share of the steps it was part of, as far as the worker tells; 0: unknown.
[[nodiscard]] std::int64_t chargedMicros(const wv1::Output& output);

} // namespace mm::inference
