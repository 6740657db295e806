#include "cli/commands/access/access_text.h"

#include "cli/commands/describe.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

namespace mm::cli {
namespace {

template <typename Patterns>
std::string modelsOf(const Patterns& patterns) {
    std::string text;
    for (const std::string& pattern : patterns)
        text.append(text.empty() ? "" : " ").append(printable(pattern));
    return text.empty() ? "all" : text;
}

std::string limitsOf(const v1::KeyLimits& limits) {
    std::string text;
    const auto add = [&](bool isGiven, double value, const char* unit) {
        if (isGiven)
            text.append(text.empty() ? "" : ", ").append(humanNumber(value, 3)).append(unit);
    };
    add(limits.has_requests_per_minute(), limits.requests_per_minute(), " requests/min");
    add(limits.has_compute_seconds_per_minute(), limits.compute_seconds_per_minute(), " s/min");
    add(limits.has_compute_seconds_per_day(), limits.compute_seconds_per_day(), " s/day");
    return text;
}

std::string priorityOf(v1::Priority priority) {
    return priority == v1::PRIORITY_UNSPECIFIED ? std::string() : "up to " + std::string(enumName(priority));
}

} // namespace

std::string describeKeys(const v1::ListKeysResponse& keys, const Terminal& terminal) {
    Table table({{"NAME"}, {"ROLE"}, {"STATUS"}, {"MODELS"}, {"LIMITS"}, {"SECRET"}, {"CREATED"}, {"EXPIRES"}, {"ID"}});
    for (const auto& key : keys.keys())
        table.add({printable(key.name()), key.role(), statusCell(key.status(), terminal), modelsOf(key.models()),
                   limitsOf(key.limits()), key.secret_begins() + "...", ageOf(key.created_at()),
                   key.has_expires_at() ? timeOf(key.expires_at()) : "never", key.key_id()});
    return table.empty() ? "There are no keys.\n" : table.render(titlePainter(terminal));
}

std::string describeKey(const v1::ApiKey& key) {
    return renderFields({{"key", printable(key.name())},
                         {"id", key.key_id()},
                         {"role", key.role()},
                         {"status", key.status()},
                         {"models", modelsOf(key.models())},
                         {"priority", priorityOf(key.max_priority())},
                         {"limits", limitsOf(key.limits())},
                         {"created", timeOf(key.created_at()) + " by " + printable(key.created_by())},
                         {"rotated", timeOf(key.rotated_at())},
                         {"revoked", timeOf(key.revoked_at())},
                         {"expires", timeOf(key.expires_at())}});
}

std::string describeCaller(const v1::CallerIdentity& caller) {
    return renderFields({{"you are", printable(caller.name())},
                         {"by", caller.kind() == "open" ? "nothing: access control is off" : caller.kind()},
                         {"role", caller.role()},
                         {"models", modelsOf(caller.models())},
                         {"priority", priorityOf(caller.max_priority())},
                         {"limits", limitsOf(caller.limits())}});
}

std::string describeAudit(const v1::ListAuditResponse& audit, const Terminal& terminal) {
    Table table(
        {{"NUMBER", Table::Align::Right}, {"TIME"}, {"WHO"}, {"ROLE"}, {"ACTION"}, {"TARGET"}, {"OUTCOME"}, {"NOTE"}});
    for (const auto& record : audit.records())
        table.add({std::to_string(record.number()), timeOf(record.at()), printable(record.client()), record.role(),
                   printable(record.action()), printable(record.target()), statusCell(record.outcome(), terminal),
                   printable(record.message())});
    return table.empty() ? "There are no such records.\n" : table.render(titlePainter(terminal));
}

std::string describeVerification(const v1::AuditVerification& found) {
    return renderFields({{"audit", found.intact() ? "intact" : "BROKEN at record " + std::to_string(found.broken_at())},
                         {"records", std::to_string(found.records())},
                         {"reason", printable(found.reason())},
                         {"head", found.head()}});
}

} // namespace mm::cli
