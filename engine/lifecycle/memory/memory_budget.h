// How much of a device the engine may use: a part of it ("0.9") or a number of bytes ("12GB", "8GiB", "512MB"). Plain
// value, any thread.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mm::lifecycle {

struct MemoryBudget {
    double fraction = 0.9;
    std::optional<std::int64_t> bytes = std::nullopt; // instead of the fraction

    // Never more than there is.
    [[nodiscard]] std::int64_t of(std::int64_t totalBytes) const;
};

// A fraction in (0, 1], or bytes with one of B, KB, MB, GB, TB (powers of ten) or KiB, MiB, GiB, TiB. The error's
// message is what the value should have been.
Result<MemoryBudget> parseMemoryBudget(std::string_view text);

} // namespace mm::lifecycle
