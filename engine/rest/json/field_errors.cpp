#include "engine/rest/json/field_errors.h"

#include "engine/base/near_match.h"

#include <algorithm>
#include <utility>

namespace mm::rest {
namespace {

constexpr std::size_t kLongestNameTold = 100;

} // namespace

std::string FieldPath::text() const {
    std::string text = parent ? parent->text() : std::string();
    if (index >= 0)
        return text + '[' + std::to_string(index) + ']';
    if (name.empty())
        return text;
    if (!text.empty())
        text += '.';
    return text.append(name.substr(0, kLongestNameTold));
}

void FieldErrors::add(const FieldPath& path, std::string message) {
    ++m_count;
    if (m_errors.size() < kMostTold)
        m_errors.push_back({path.text(), std::move(message)});
}

void FieldErrors::wrongKind(JsonReader& reader, const FieldPath& path, std::string_view expected) {
    const JsonKind found = reader.kind();
    if (found == JsonKind::Broken || !reader.skip())
        return;
    add(path, "expected " + std::string(expected) + ", found " + std::string(describe(found)));
}

void FieldErrors::unknown(JsonReader& reader, const FieldPath& path, const std::vector<std::string_view>& known) {
    if (!reader.skip())
        return;
    std::string message = "unknown field";
    if (const auto meant = nearMatch(path.name, known))
        message += "; did you mean \"" + *meant + "\"?";
    add(path, std::move(message));
}

void FieldErrors::missing(const FieldPath& path, std::string_view name) {
    add(path.field(name), "this field is required");
}

Error FieldErrors::toError() const {
    Error error{ErrorCode::ValidationError, {}, {}, m_errors};
    const FieldError& first = m_errors.front();
    error.message = first.field.empty() ? "The body: " + first.message : first.field + ": " + first.message;
    if (m_count > 1)
        error.message += " (and " + std::to_string(m_count - 1) + " more)";
    if (m_count > m_errors.size())
        error.facts["validation_errors_total"] = static_cast<std::int64_t>(m_count);
    return error;
}

std::string notOneOf(std::string_view found, std::string_view allowed) {
    std::string text = quoted(found);
    return text.append(" is not one of ").append(allowed);
}

std::string quoted(std::string_view text) {
    std::string result(1, '"');
    return result.append(text.substr(0, kLongestNameTold)).append(1, '"');
}

} // namespace mm::rest
