// Structured log lines on stderr: an event in words, then facts by name, as text for people or JSON for machines.
//   log::info("model loaded", {{"model", id}, {"ms", 12.5}});
// Safe from any thread. Control characters in values are escaped, so that a value cannot forge a line.
#pragma once

#include "engine/base/error.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace mm::log {

enum class Level { Trace, Debug, Info, Warning, Error, Off };
enum class Format { Human, Json };

struct Field {
    std::string_view name;
    FactValue value;

    Field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
    Field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
    Field(std::string_view n, const std::string& v) : name(n), value(v) {}
    Field(std::string_view n, bool v) : name(n), value(v) {}
    Field(std::string_view n, double v) : name(n), value(v) {}
    template <typename T>
    requires std::is_integral_v<T> Field(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};
using Fields = std::initializer_list<Field>;

// While one lives, lines are written by a thread of its own and logging never blocks: a reader of stderr that stalls
// costs lines, which are counted, and not the service. One at a time; made and destroyed where no other thread logs.
class Background {
public:
    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
};

// Called once at start; until then lines of Info and above are written for people.
void configure(Level level, Format format);
[[nodiscard]] bool enabled(Level level);
Level levelFromString(std::string_view text, Level fallback);

void write(Level level, std::string_view event, Fields fields);
// An Error with its code and facts.
void write(Level level, std::string_view event, const mm::Error& error, Fields fields = {});
// Facts collected elsewhere.
void write(Level level, std::string_view event, const Facts& facts, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) {
    write(Level::Debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
    write(Level::Info, event, fields);
}
inline void warning(std::string_view event, Fields fields = {}) {
    write(Level::Warning, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
    write(Level::Error, event, fields);
}

} // namespace mm::log
