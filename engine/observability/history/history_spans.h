// Spans of time: which there are, and how they add up. Pure.
#pragma once

#include "engine/base/clock.h"
#include "modelmora/history/v1/history.pb.h"

#include <array>
#include <chrono>

namespace mm::observability {

namespace hv1 = modelmora::history::v1;

struct Resolution {
    std::chrono::seconds span;
    std::chrono::seconds kept; // how far back
    [[nodiscard]] int mostSpans() const { return static_cast<int>(kept / span); }
};

// The finest first.
inline constexpr std::array kResolutions{Resolution{std::chrono::seconds(10), std::chrono::hours(1)},
                                         Resolution{std::chrono::minutes(1), std::chrono::hours(24)},
                                         Resolution{std::chrono::minutes(15), std::chrono::hours(24 * 7)}};

// Where the span that this moment lies in begins.
[[nodiscard]] WallTime beginOf(WallTime time, std::chrono::seconds span);
void add(hv1::Span& sum, const hv1::Span& more);
// Whichever models they are; the sum keeps its name.
void add(hv1::Model& sum, const hv1::Model& more);

} // namespace mm::observability
