// A number as JSON writes it, and what it is worth. Pure, any thread; the text outlives it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mm::rest {

struct JsonNumber {
    std::string_view text;

    [[nodiscard]] std::optional<double> asDouble() const;        // nothing when out of range
    [[nodiscard]] std::optional<std::int64_t> asInteger() const; // nothing when out of range or with a fraction
};

// Does the text follow JSON's grammar of numbers ("-0.5e3", but not "01", "1." or "+1")?
[[nodiscard]] bool isJsonNumber(std::string_view text);

} // namespace mm::rest
