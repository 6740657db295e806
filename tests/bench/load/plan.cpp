#include "tests/bench/load/plan.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <fstream>

namespace mm::load {
namespace {

using nlohmann::json;

constexpr int kMostConnections = 10000;

Error bad(const std::string& what) {
    return {ErrorCode::InvalidConfiguration, "the plan cannot be used: " + what};
}

Result<void> readAddress(const std::string& address, Plan& plan) {
    const std::size_t colon = address.rfind(':');
    const char* end = address.data() + address.size();
    if (colon == std::string::npos || std::from_chars(address.data() + colon + 1, end, plan.port).ptr != end)
        return bad("\"address\" is \"" + address + "\"; write a numeric address and a port, such as 127.0.0.1:8000");
    plan.host = address.substr(0, colon);
    return {};
}

Result<std::vector<std::string>> readBodies(const std::string& file) {
    if (file.empty())
        return std::vector<std::string>{std::string()};
    std::ifstream lines(file);
    std::vector<std::string> bodies;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty())
            bodies.push_back(std::move(line));
    }
    if (bodies.empty())
        return bad("\"bodies\" names " + file + ", which cannot be read or has no line");
    return bodies;
}

std::string headOf(const json& stream, const std::string& address) {
    std::string head = stream.value("method", "POST") + " " + stream.at("path").get<std::string>() +
                       " HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\n";
    const json headers = stream.value("headers", json::object());
    for (const auto& [name, value] : headers.items()) {
        head += name;
        head += ": ";
        head += value.get<std::string>();
        head += "\r\n";
    }
    return head;
}

Result<StreamPlan> readStream(const json& from, const std::string& address) {
    StreamPlan stream;
    stream.name = from.at("name").get<std::string>();
    stream.connections = from.value("connections", 1);
    stream.rate = from.value("rate", 0.0);
    if (stream.connections < 1 || stream.connections > kMostConnections)
        return bad("\"connections\" of " + stream.name + " must be 1 to " + std::to_string(kMostConnections));
    if (stream.rate < 0)
        return bad("\"rate\" of " + stream.name + " must not be negative");
    MM_TRY(const std::vector<std::string> bodies, readBodies(from.value("bodies", "")));
    const std::string head = headOf(from, address);
    for (const std::string& body : bodies)
        stream.messages.push_back(head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return stream;
}

Result<Plan> readFields(const json& from) {
    Plan plan;
    const auto address = from.at("address").get<std::string>();
    MM_CHECK(readAddress(address, plan));
    plan.seconds = from.value("seconds", plan.seconds);
    plan.warmupSeconds = from.value("warmup_seconds", plan.warmupSeconds);
    for (const json& each : from.at("streams")) {
        MM_TRY(StreamPlan stream, readStream(each, address));
        plan.streams.push_back(std::move(stream));
    }
    if (plan.streams.empty() || plan.seconds <= 0 || plan.warmupSeconds < 0)
        return bad("it wants at least one stream, \"seconds\" over 0 and \"warmup_seconds\" of at least 0");
    return plan;
}

} // namespace

Result<Plan> readPlan(std::string_view text) {
    try {
        return readFields(json::parse(text));
    } catch (const json::exception& problem) {
        return bad(problem.what());
    }
}

} // namespace mm::load
