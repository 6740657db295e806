// A clock whose hands a test turns. Safe from any thread.
#pragma once

#include "engine/base/clock.h"

#include <atomic>

namespace mm::test {

class ManualClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return Instant(std::chrono::nanoseconds(m_nanoseconds.load())); }
    [[nodiscard]] WallTime wallNow() const override {
        return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(m_nanoseconds.load())));
    }
    void advance(std::chrono::nanoseconds by) { m_nanoseconds += by.count(); }

private:
    std::atomic<std::int64_t> m_nanoseconds{1'700'000'000'000'000'000};
};

} // namespace mm::test
