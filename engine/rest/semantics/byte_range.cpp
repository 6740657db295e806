#include "engine/rest/semantics/byte_range.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace mm::rest::semantics {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// Numbers that no file reaches are all the same.
std::optional<std::uint64_t> readNumber(std::string_view text) {
    if (!guard::isDigits(text))
        return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        number = number > (kMost - digit) / 10 ? kMost : number * 10 + digit;
    }
    return number;
}

RangeChoice lastBytes(std::uint64_t count, std::uint64_t size) {
    if (count == 0 || size == 0)
        return {RangeChoice::Kind::Impossible};
    return {RangeChoice::Kind::Part, size - std::min(count, size), size - 1};
}

} // namespace

RangeChoice chooseRange(std::string_view range, std::uint64_t size) {
    range = guard::trimmed(range);
    const std::size_t equals = range.find('=');
    if (equals == std::string_view::npos || !guard::equalsIgnoringCase(range.substr(0, equals), "bytes"))
        return {};
    const std::string_view spec = guard::trimmed(range.substr(equals + 1));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos)
        return {};
    const std::string_view from = spec.substr(0, dash);
    const std::string_view to = spec.substr(dash + 1);
    const auto first = readNumber(from);
    const auto last = readNumber(to);
    if (from.empty())
        return last ? lastBytes(*last, size) : RangeChoice();
    if (!first || (!last && !to.empty()) || (last && *last < *first))
        return {};
    if (*first >= size)
        return {RangeChoice::Kind::Impossible};
    return {RangeChoice::Kind::Part, *first, std::min(last.value_or(kMost), size - 1)};
}

std::string contentRange(const RangeChoice& choice, std::uint64_t size) {
    const std::string part = choice.kind == RangeChoice::Kind::Part
                                 ? std::to_string(choice.first) + '-' + std::to_string(choice.last)
                                 : std::string("*");
    return "bytes " + part + '/' + std::to_string(size);
}

} // namespace mm::rest::semantics
