// What a model's configuration says about how it is served: instances, pin, keep-alive, preload. Pure, any thread; the
// registry has checked the values, and whatever is not as it should be counts as not set.
#pragma once

#include "engine/lifecycle/policy/idle_policy.h"

#include <google/protobuf/struct.pb.h>

#include <optional>

namespace mm::lifecycle {

inline constexpr int kMostInstances = 16;

struct ServingConfig {
    int instances = 1;
    bool pinned = false;
    bool preload = false;
    std::optional<KeepAlive> keepAlive = std::nullopt; // "keep_alive_seconds"
};

[[nodiscard]] ServingConfig servingConfig(const google::protobuf::Struct& config);

// Compute threads of one of `instances`: as the model's registration fixes them, otherwise its share of the processors,
// at least one. 0 leaves it to the worker.
[[nodiscard]] int threadsPerInstance(int threads, bool fixed, int instances, int processors);

} // namespace mm::lifecycle
