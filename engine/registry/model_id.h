// ModelId: "org/repo", and VersionedId: "org/repo@version", as callers write them. Immutable values, any thread.
// Parsing fails with InvalidModelId and says which part breaks which rule: letters, digits, '-', '_' and '.',
// at most 255 characters in all, case-sensitive.
#pragma once

#include "engine/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace mm::registry {

class ModelId {
public:
    static Result<ModelId> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] std::string_view organization() const { return std::string_view(m_text).substr(0, m_slash); }
    [[nodiscard]] std::string_view repository() const { return std::string_view(m_text).substr(m_slash + 1); }
    bool operator==(const ModelId&) const = default;

private:
    ModelId(std::string text, std::size_t slash) : m_text(std::move(text)), m_slash(slash) {}

    std::string m_text;
    std::size_t m_slash;
};

struct VersionedId {
    ModelId id;
    std::optional<std::string> version; // none means the current one

    static Result<VersionedId> parse(std::string_view text);
};

// The text before and after the first '@', unchecked: for look-ups that must be quick.
struct SplitId {
    std::string_view id;
    std::string_view version;
    bool versioned = false;
};
SplitId splitId(std::string_view text);

// "org/repo@version"
std::string versionedId(std::string_view id, std::string_view version);

} // namespace mm::registry
