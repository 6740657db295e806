#include "engine/registry/rules/version_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace mm::registry {
namespace {

constexpr std::size_t kLongest = 255;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isWordCharacter(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

struct SemanticVersion {
    std::array<std::string_view, 3> core;
    std::vector<std::string_view> preRelease;
};

// "0" or no leading zero, as the rules of semantic versions want numbers to be.
bool isNumber(std::string_view text) {
    return allDigits(text) && (text.size() == 1 || text.front() != '0');
}

bool areIdentifiers(const std::vector<std::string_view>& parts) {
    return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), isWordCharacter);
    });
}

std::optional<SemanticVersion> parseSemantic(std::string_view text) {
    if (text.starts_with('v'))
        text.remove_prefix(1);
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        if (!areIdentifiers(split(text.substr(plus + 1), '.')))
            return std::nullopt;
        text = text.substr(0, plus);
    }
    SemanticVersion version;
    if (const auto dash = text.find('-'); dash != std::string_view::npos) {
        version.preRelease = split(text.substr(dash + 1), '.');
        if (!areIdentifiers(version.preRelease))
            return std::nullopt;
        text = text.substr(0, dash);
    }
    const auto numbers = split(text, '.');
    if (numbers.size() != version.core.size() || !std::all_of(numbers.begin(), numbers.end(), isNumber))
        return std::nullopt;
    std::copy(numbers.begin(), numbers.end(), version.core.begin());
    return version;
}

std::weak_ordering compareNumbers(std::string_view a, std::string_view b) {
    a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
    return a.size() != b.size() ? a.size() <=> b.size() : a <=> b;
}

std::weak_ordering compareIdentifiers(std::string_view a, std::string_view b) {
    if (allDigits(a) && allDigits(b))
        return compareNumbers(a, b);
    if (allDigits(a) != allDigits(b))
        return allDigits(a) ? std::weak_ordering::less : std::weak_ordering::greater;
    return a <=> b;
}

Error invalidVersion(const std::string& why) {
    return invalidField("version", why + "; write a semantic version such as 'v2.2.2' or a branch name such as 'main'");
}

} // namespace

bool isSemanticVersion(std::string_view text) {
    return parseSemantic(text).has_value();
}

Result<void> checkVersion(std::string_view text) {
    if (text.empty())
        return invalidVersion("is empty");
    if (text.size() > kLongest)
        return invalidVersion("is " + std::to_string(text.size()) + " bytes long, at most 255 are allowed");
    if (isSemanticVersion(text))
        return {};
    for (const char c : text)
        if (!isWordCharacter(c) && c != '.' && c != '_' && c != '/')
            return invalidVersion(c > 0x20 && c < 0x7f ? std::string("has the character '") + c + "'"
                                                       : std::string("has a space, control or non-ASCII character"));
    for (const std::string_view part : split(text, '/')) {
        if (part.empty())
            return invalidVersion("begins or ends with '/' or has '//'");
        if (part.front() == '.' || part.front() == '-')
            return invalidVersion(std::string("has a part that begins with '") + part.front() + "'");
        if (part.back() == '.' || part.ends_with(".lock") || part.find("..") != std::string_view::npos)
            return invalidVersion("has '..', or a part that ends with '.' or '.lock'");
    }
    return {};
}

std::weak_ordering comparePrecedence(std::string_view a, std::string_view b) {
    const auto left = parseSemantic(a);
    const auto right = parseSemantic(b);
    if (!left || !right)
        return left.has_value() <=> right.has_value();
    for (std::size_t i = 0; i < left->core.size(); ++i)
        if (const auto order = compareNumbers(left->core[i], right->core[i]); order != 0)
            return order;
    if (left->preRelease.empty() != right->preRelease.empty())
        return left->preRelease.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
    return std::lexicographical_compare_three_way(left->preRelease.begin(), left->preRelease.end(),
                                                  right->preRelease.begin(), right->preRelease.end(),
                                                  compareIdentifiers);
}

} // namespace mm::registry
