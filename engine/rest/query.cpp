#include "engine/rest/query.h"

#include "engine/base/near_match.h"
#include "engine/ipc/utf8.h"
#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <charconv>

namespace mm::rest {
namespace {

std::string decoded(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    std::string result;
    std::size_t at = 0;
    while (at < plain.size()) { // spaces are no URL text: decode between them
        const std::size_t space = std::min(plain.find(' ', at), plain.size());
        std::string part;
        guard::percentDecode(std::string_view(plain).substr(at, space - at), part);
        result += part;
        if (space < plain.size())
            result += ' ';
        at = space + 1;
    }
    return result;
}

} // namespace

Query::Query(std::string_view query, const std::vector<std::string_view>& known) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (end > 0)
            take(query.substr(0, end), known);
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

void Query::take(std::string_view pair, const std::vector<std::string_view>& known) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = decoded(pair.substr(0, equals));
    std::string value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        const auto meant = nearMatch(name, known);
        const std::string hint = meant ? "; did you mean \"" + *meant + "\"?" : std::string();
        m_errors.add({nullptr, name}, "unknown parameter" + hint);
    } else if (firstInvalidUtf8(value) != std::string_view::npos || value.find('\0') != std::string::npos) {
        m_errors.add({nullptr, name}, "expected UTF-8 text without NUL");
    } else if (!m_values.emplace(name, std::move(value)).second) {
        m_errors.add({nullptr, name}, "this parameter is given twice");
    }
}

std::optional<std::string> Query::text(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        if (const auto found = m_values.find(name); found != m_values.end())
            return found->second;
    return std::nullopt;
}

std::int64_t Query::integer(std::initializer_list<std::string_view> names, std::int64_t fallback, std::int64_t least,
                            std::int64_t most) {
    for (const std::string_view name : names) {
        const auto found = m_values.find(name);
        if (found == m_values.end())
            continue;
        const std::string& text = found->second;
        std::int64_t value = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
            return value;
        refuse(name, "expected an integer from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return fallback;
}

bool Query::flag(std::string_view name) {
    const auto found = m_values.find(name);
    if (found == m_values.end() || found->second == "false" || found->second == "0")
        return false;
    if (found->second != "true" && found->second != "1" && !found->second.empty())
        refuse(name, "expected true or false");
    return true;
}

Result<void> Query::check() const {
    if (!m_errors.empty())
        return m_errors.toError();
    return {};
}

} // namespace mm::rest
