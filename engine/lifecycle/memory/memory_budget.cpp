#include "engine/lifecycle/memory/memory_budget.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace mm::lifecycle {
namespace {

struct Unit {
    std::string_view name;
    double bytes;
};
constexpr std::array<Unit, 9> kUnits{{{"B", 1},
                                      {"KB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12},
                                      {"KiB", 1024.0},
                                      {"MiB", 1024.0 * 1024},
                                      {"GiB", 1024.0 * 1024 * 1024},
                                      {"TiB", 1024.0 * 1024 * 1024 * 1024}}};
constexpr double kMostBytes = 1e18;

Error refused() {
    return {ErrorCode::InvalidConfiguration,
            "a part of the memory such as 0.9 (more than 0, at most 1), or bytes with their unit such as 12GB or 8GiB"};
}

} // namespace

std::int64_t MemoryBudget::of(std::int64_t totalBytes) const {
    const auto wanted = bytes ? *bytes : static_cast<std::int64_t>(fraction * static_cast<double>(totalBytes));
    return std::clamp<std::int64_t>(wanted, 0, totalBytes);
}

Result<MemoryBudget> parseMemoryBudget(std::string_view text) {
    double number = 0;
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failure != std::errc{} || !std::isfinite(number) || number <= 0)
        return refused();
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.empty()) {
        if (number > 1)
            return refused();
        return MemoryBudget{number};
    }
    if (unit.starts_with(' '))
        unit.remove_prefix(1);
    const auto known = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == unit; });
    if (known == kUnits.end() || number * known->bytes < 1 || number * known->bytes > kMostBytes)
        return refused();
    MemoryBudget budget;
    budget.bytes = static_cast<std::int64_t>(number * known->bytes);
    return budget;
}

} // namespace mm::lifecycle
