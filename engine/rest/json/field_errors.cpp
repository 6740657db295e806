#include "engine/rest/json/field_errors.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mm::rest {
namespace {

constexpr std::size_t kLongestNameTold = 100;

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

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
    const std::string_view meant = nearMatch(path.name, known);
    std::string message = "unknown field";
    if (!meant.empty())
        message += "; did you mean \"" + std::string(meant) + "\"?";
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

std::string_view nearMatch(std::string_view word, const std::vector<std::string_view>& known) {
    std::string_view best;
    std::size_t bestDistance = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
    if (word.size() > kLongestNameTold)
        return best;
    for (const std::string_view candidate : known) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace mm::rest
