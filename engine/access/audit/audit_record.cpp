#include "engine/access/audit/audit_record.h"

#include "engine/access/sha256.h"

namespace mm::access {
namespace {

constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLongestMessage = 1024;

std::int64_t millisecondsOf(WallTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// With its length before it, so that no two records are written the same.
void append(std::string& out, std::string_view text) {
    out.append(std::to_string(text.size())).append(":").append(text);
}

void makeHarmless(std::string& text, std::size_t longest) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f)
            out += c;
        else
            out.append("\\x") += {kHex[byte >> 4U], kHex[byte & 15U]};
        if (out.size() >= longest)
            break;
    }
    text = out.substr(0, longest);
}

} // namespace

std::string chainHash(std::string_view before, std::int64_t number, const AuditEntry& entry) {
    std::string text(before);
    append(text, std::to_string(number));
    append(text, std::to_string(millisecondsOf(entry.at)));
    for (const std::string* part : {&entry.client, &entry.kind, &entry.role, &entry.action, &entry.target,
                                    &entry.outcome, &entry.errorCode, &entry.message})
        append(text, *part);
    return toHex(sha256(text));
}

AuditEntry harmless(AuditEntry entry) {
    for (std::string* text :
         {&entry.client, &entry.kind, &entry.role, &entry.action, &entry.target, &entry.outcome, &entry.errorCode})
        makeHarmless(*text, kLongestName);
    makeHarmless(entry.message, kLongestMessage);
    return entry;
}

modelmora::v1::AuditRecord toProto(const AuditRecord& record) {
    modelmora::v1::AuditRecord out;
    out.set_number(record.number);
    const std::int64_t at = millisecondsOf(record.entry.at);
    out.mutable_at()->set_seconds(at / 1000);
    out.mutable_at()->set_nanos(static_cast<int>(at % 1000) * 1'000'000);
    out.set_client(record.entry.client);
    out.set_kind(record.entry.kind);
    out.set_role(record.entry.role);
    out.set_action(record.entry.action);
    out.set_target(record.entry.target);
    out.set_outcome(record.entry.outcome);
    out.set_error_code(record.entry.errorCode);
    out.set_message(record.entry.message);
    out.set_hash(record.hash);
    return out;
}

} // namespace mm::access
