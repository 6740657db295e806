// Time as a dependency, so that tests can turn the hands. Implementations are safe from any thread.
#pragma once

#include <chrono>
#include <string>

namespace mm {

using Instant = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual WallTime wallNow() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wallNow() const override { return std::chrono::system_clock::now(); }
};

// "2025-12-04T10:30:00.123Z"
std::string toIso8601(WallTime time);

// Milliseconds with fractions, as the API reports durations.
inline double toMilliseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace mm
