// Whom a call was made by, once its credentials have been verified. Immutable and shared; any thread.
#pragma once

#include "engine/access/role.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::access {

class Meter;

enum class Kind : std::uint8_t { Key, Token, Certificate };

// "key" and so on; for no identity see kNoKind.
[[nodiscard]] std::string_view kindName(Kind kind);
inline constexpr std::string_view kNoKind = "none";

struct Limits {
    std::optional<int> requestsPerMinute;
    std::optional<double> computeSecondsPerMinute;
    std::optional<double> computeSecondsPerDay;

    [[nodiscard]] bool any() const { return requestsPerMinute || computeSecondsPerMinute || computeSecondsPerDay; }
    bool operator==(const Limits&) const = default;
};

struct Identity {
    // The key's own; "token:…" and "certificate:…" for the others, which no key can be called. Shares, the audit and
    // the owners of jobs go by it.
    std::string name;
    Kind kind = Kind::Key;
    Role role = Role::Viewer;
    std::vector<std::string> models = {}; // patterns; empty: every model
    int maxPriority = 0;                  // as modelmora.v1.Priority counts them; 0: any
    Limits limits = {};
    std::shared_ptr<Meter> meter = nullptr; // what it has used; null: not counted
};
using IdentityPtr = std::shared_ptr<const Identity>;

} // namespace mm::access
