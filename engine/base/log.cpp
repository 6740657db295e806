#include "engine/base/log.h"

#include "engine/base/clock.h"
#include "engine/base/line_writer.h"
#include "engine/base/logs/log_control.h"
#include "engine/base/logs/plain_text.h"
#include "engine/base/logs/recent_lines.h"

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <utility>

namespace mm::log {
namespace {

std::atomic<Level> s_level{Level::Info};
std::atomic<Format> s_format{Format::Human};
std::array<std::atomic<std::int64_t>, kLevels> s_written{};
std::atomic<std::int64_t> s_dropped{0};

RecentLines& recent() {
    static RecentLines lines;
    return lines;
}

spdlog::logger& sink() {
    static spdlog::logger logger = [] {
        spdlog::logger made("modelmora", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%v");
        made.set_level(spdlog::level::trace);
        return made;
    }();
    return logger;
}

std::atomic<LineWriter*> s_background{nullptr};

nlohmann::ordered_json toJson(const FactValue& value) {
    return std::visit([](const auto& v) { return nlohmann::ordered_json(v); }, value);
}

std::string dump(const nlohmann::ordered_json& json) {
    return withoutControls(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

// Bare where a bare word reads well, quoted and escaped otherwise.
std::string humanValue(const FactValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        const bool plain = !text->empty() && text->find_first_of(" \"=\\") == std::string::npos &&
                           text->find_first_not_of("!#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                                                   "abcdefghijklmnopqrstuvwxyz{|}~") == std::string::npos;
        if (plain)
            return *text;
    }
    return dump(toJson(value));
}

std::string formatLine(Level level, std::string_view event, const nlohmann::ordered_json& facts) {
    const std::string time = toIso8601(std::chrono::system_clock::now());
    std::string line;
    if (s_format == Format::Json) {
        nlohmann::ordered_json object{{"time", time}, {"level", levelName(level)}, {"event", event}};
        object.update(facts);
        line = dump(object);
    } else {
        line.append(time).append(" ").append(levelName(level)).append(": ").append(event);
        for (const auto& [name, value] : facts.items())
            line.append(" ")
                .append(humanValue(name))
                .append("=")
                .append(value.is_string() ? humanValue(value.get<std::string>()) : dump(value));
    }
    return line;
}

void emitLine(Level level, std::string_view event, const nlohmann::ordered_json& facts) {
    std::string line = formatLine(level, event, facts);
    ++s_written[static_cast<std::size_t>(level)];
    recent().add(line);
    if (LineWriter* background = s_background.load())
        return background->write(std::move(line));
    sink().log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

std::string droppedLine(std::int64_t lines) {
    s_dropped += lines;
    return formatLine(Level::Warning, "log lines dropped: whoever reads them does not keep up", {{"lines", lines}});
}

} // namespace

Background::Background() {
    s_background = new LineWriter(STDERR_FILENO, {.dropped = droppedLine});
}

Background::~Background() {
    delete s_background.exchange(nullptr);
}

std::string_view levelName(Level level) {
    switch (level) {
    case Level::Trace:
        return "trace";
    case Level::Debug:
        return "debug";
    case Level::Info:
        return "info";
    case Level::Warning:
        return "warning";
    case Level::Error:
        return "error";
    case Level::Off:
        break;
    }
    return "off";
}

Level level() {
    return s_level;
}

void setLevel(Level level) {
    s_level = level;
}

Format format() {
    return s_format;
}

LineCounts lineCounts() {
    LineCounts counts;
    for (std::size_t i = 0; i < kLevels; ++i)
        counts.written[i] = s_written[i].load();
    counts.dropped = s_dropped.load();
    return counts;
}

std::vector<std::string> recentLines(std::size_t most) {
    return recent().last(most);
}

void configure(Level level, Format format) {
    s_level = level;
    s_format = format;
}

bool enabled(Level level) {
    return level >= s_level.load(std::memory_order_relaxed);
}

Level levelFromString(std::string_view text, Level fallback) {
    for (const Level level : {Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error, Level::Off})
        if (levelName(level) == text)
            return level;
    return fallback;
}

void write(Level level, std::string_view event, Fields fields) {
    if (!enabled(level))
        return;
    auto facts = nlohmann::ordered_json::object();
    for (const Field& field : fields)
        facts[std::string(field.name)] = toJson(field.value);
    emitLine(level, event, facts);
}

void write(Level level, std::string_view event, const mm::Error& error, Fields fields) {
    if (!enabled(level))
        return;
    auto facts = nlohmann::ordered_json::object();
    for (const Field& field : fields)
        facts[std::string(field.name)] = toJson(field.value);
    facts["error"] = errorName(error.code);
    facts["message"] = error.message;
    for (const auto& [name, value] : error.facts)
        facts[name] = toJson(value);
    emitLine(level, event, facts);
}

void write(Level level, std::string_view event, const Facts& facts, Fields fields) {
    if (!enabled(level))
        return;
    auto all = nlohmann::ordered_json::object();
    for (const Field& field : fields)
        all[std::string(field.name)] = toJson(field.value);
    for (const auto& [name, value] : facts)
        all[name] = toJson(value);
    emitLine(level, event, all);
}

} // namespace mm::log
