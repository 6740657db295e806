// Entity tags and the conditions that name them: ETag, If-Match, If-None-Match (RFC 9110, 8.8.3 and 13.1). Pure, any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::rest::semantics {

struct EntityTag {
    std::string opaque; // without the quotes
    bool weak = false;
};

[[nodiscard]] std::string toText(const EntityTag& tag);
[[nodiscard]] std::optional<EntityTag> readEntityTag(std::string_view text);
// Changes with the content; as short as it can be and still not happen twice.
[[nodiscard]] EntityTag tagOfContent(std::string_view content);

// A strong tag names the bytes, so those of another coding have another: "x" is "x-gzip" where the answer is packed.
[[nodiscard]] EntityTag inCoding(EntityTag tag, std::string_view coding);

struct TagCondition {
    bool any = false; // "*"
    std::vector<EntityTag> tags;
};
// Nothing where it is no list of tags.
[[nodiscard]] std::optional<TagCondition> readTagCondition(std::string_view text);
// Weakly: of the same meaning, whatever the coding. Strongly: of the same bytes before their coding; a weak tag never.
[[nodiscard]] bool matchesWeakly(const TagCondition& condition, const EntityTag& tag);
[[nodiscard]] bool matchesStrongly(const TagCondition& condition, const EntityTag& tag);

} // namespace mm::rest::semantics
