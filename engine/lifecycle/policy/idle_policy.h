// When a model that nobody uses is unloaded: after its own keep-alive where it has one, otherwise after the engine's
// idle time. Pinned, leased and awaited models stay; the minimum stay holds unless a keep-alive of 0 asked for less.
// Pure: any thread.
#pragma once

#include "engine/lifecycle/policy/snapshot.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

struct IdleOptions {
    std::chrono::milliseconds idleUnload{0}; // 0: never
    std::chrono::milliseconds minimumStay{0};
};

// How long a model stays after its last use: negative: until something else ends it; 0: not at all.
using KeepAlive = std::chrono::milliseconds;

struct IdleView {
    InstanceView instance;
    std::optional<KeepAlive> keepAlive = std::nullopt; // of the last request that set one, else the configuration's
};

// When it goes unless it is used before; nothing where it stays.
[[nodiscard]] std::optional<Instant> idleUnloadAt(const IdleView& view, const IdleOptions& options);

struct IdleUnload {
    InstanceKey key;
    std::string reason; // "unused for 300 s"
};
struct IdleDecision {
    std::vector<IdleUnload> unloads;      // those whose time has come, the longest idle first
    std::optional<Instant> decideAgainAt; // when the next one's comes
};
[[nodiscard]] IdleDecision decideIdle(const std::vector<IdleView>& views, const IdleOptions& options, Instant now);

} // namespace mm::lifecycle
