#include "engine/rest/json/json_number.h"

#include <charconv>
#include <cmath>

namespace mm::rest {
namespace {

constexpr double kExactIntegers = 9007199254740992.0; // 2^53

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<double> JsonNumber::asDouble() const {
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc::result_out_of_range) {
        // Too small is zero; too large is an error.
        const std::size_t exponent = text.find_first_of("eE");
        if (exponent != std::string_view::npos && text.find('-', exponent) != std::string_view::npos)
            return 0.0;
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> JsonNumber::asInteger() const {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc() && end == text.data() + text.size())
        return value;
    if (failure != std::errc())
        return std::nullopt;
    const std::optional<double> number = asDouble(); // "3.0" and "1e3" are integers too
    if (!number || std::nearbyint(*number) != *number || std::fabs(*number) > kExactIntegers)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

bool isJsonNumber(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t from = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return at - from;
    };
    if (at < text.size() && text[at] == '-')
        ++at;
    const bool leadsWithZero = at < text.size() && text[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (leadsWithZero && whole > 1))
        return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0)
            return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        if (digits() == 0)
            return false;
    }
    return at == text.size();
}

} // namespace mm::rest
