// UseFrequency: how often something is used lately. Each use counts 1 and loses half its weight every half-life, so an
// old favourite does not outlive its time. Plain value, one per model; any one thread.
#pragma once

#include "engine/base/clock.h"

#include <chrono>

namespace mm::lifecycle {

class UseFrequency {
public:
    explicit UseFrequency(std::chrono::milliseconds halfLife = std::chrono::minutes(10)) : m_halfLife(halfLife) {}

    void record(Instant now, double uses = 1);
    [[nodiscard]] double at(Instant now) const;

private:
    std::chrono::milliseconds m_halfLife;
    double m_weight = 0;
    Instant m_at;
};

} // namespace mm::lifecycle
