#include "tests/bench/load/report.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mm::load {
namespace {

using nlohmann::json;

json row(const StreamResult& result, double seconds) {
    json statuses = json::object();
    for (const auto& [status, count] : result.statuses)
        statuses[std::to_string(status)] = count;
    const LatencyHistogram& latency = result.latency;
    return {{"name", result.name},
            {"answers", latency.count()},
            {"per_second", static_cast<double>(latency.count()) / seconds},
            {"mean_us", latency.meanMicros()},
            {"p50_us", latency.percentileMicros(0.5)},
            {"p90_us", latency.percentileMicros(0.9)},
            {"p99_us", latency.percentileMicros(0.99)},
            {"max_us", latency.maxMicros()},
            {"statuses", statuses},
            {"lost_connections", result.lostConnections},
            {"unanswered", result.unanswered},
            {"not_sent", result.notSent},
            {"first_problem", result.firstProblem}};
}

} // namespace

std::string toJson(const std::vector<StreamResult>& results, double seconds, double cpuSeconds) {
    json streams = json::array();
    std::uint64_t answers = 0;
    for (const StreamResult& result : results) {
        streams.push_back(row(result, seconds));
        answers += result.latency.count();
    }
    const json report = {
        {"streams", streams},
        {"seconds", seconds},
        {"per_second", static_cast<double>(answers) / seconds},
        {"generator_cpu_seconds", cpuSeconds},
        {"generator_us_per_answer", cpuSeconds * 1e6 / static_cast<double>(std::max(answers, std::uint64_t{1}))}};
    return report.dump(2, ' ', false, json::error_handler_t::replace);
}

} // namespace mm::load
