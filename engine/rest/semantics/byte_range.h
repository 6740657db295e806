// Range of a GET (RFC 9110, 14.2): which part of `size` bytes is asked for. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::rest::semantics {

struct RangeChoice {
    enum class Kind { Whole, Part, Impossible };
    Kind kind = Kind::Whole;
    std::uint64_t first = 0;
    std::uint64_t last = 0; // included
};

// Whole for another unit, several ranges and what cannot be read: a client must take that as well.
[[nodiscard]] RangeChoice chooseRange(std::string_view range, std::uint64_t size);

// "bytes 0-9/100", or "bytes */100" where nothing is chosen.
[[nodiscard]] std::string contentRange(const RangeChoice& choice, std::uint64_t size);

} // namespace mm::rest::semantics
