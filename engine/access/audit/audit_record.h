// One record of the audit, and the chain that they form: each hash covers its record and the hash before it, so that
// none can be changed, taken out or put in without every later one telling. Pure, any thread.
#pragma once

#include "engine/base/clock.h"
#include "modelmora/v1/access.pb.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::access {

struct AuditEntry {
    WallTime at;
    std::string client;
    std::string kind; // of the identity; "open" without access control
    std::string role;
    std::string action;
    std::string target;
    std::string outcome; // done, failed or refused
    std::string errorCode = {};
    std::string message = {};
};

struct AuditRecord {
    std::int64_t number = 0;
    AuditEntry entry;
    std::string hash;
};

// What comes before the first record.
inline constexpr std::string_view kNoHash = "0000000000000000000000000000000000000000000000000000000000000000";

// The hash that belongs to it behind a record of the hash `before`.
[[nodiscard]] std::string chainHash(std::string_view before, std::int64_t number, const AuditEntry& entry);

// Every text bounded, without control characters: what comes from outside cannot forge a line anywhere.
[[nodiscard]] AuditEntry harmless(AuditEntry entry);

[[nodiscard]] modelmora::v1::AuditRecord toProto(const AuditRecord& record);

} // namespace mm::access
