#include "engine/rest/semantics/entity_tag.h"

#include "engine/rest/guard/http_text.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>

namespace mm::rest::semantics {
namespace {

constexpr int kTagBytes = 12; // of the hash
constexpr std::array<std::string_view, 2> kSuffixes{"-gzip", "-deflate"};

bool isTagText(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
    });
}

std::string_view withoutCoding(std::string_view opaque) {
    for (const std::string_view suffix : kSuffixes)
        if (opaque.ends_with(suffix))
            opaque.remove_suffix(suffix.size());
    return opaque;
}

// The tag at the start of the text, taken off it.
std::optional<EntityTag> takeTag(std::string_view& text) {
    EntityTag tag;
    if (text.starts_with("W/")) {
        tag.weak = true;
        text.remove_prefix(2);
    }
    if (text.empty() || text.front() != '"')
        return std::nullopt;
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos || !isTagText(text.substr(1, end - 1)))
        return std::nullopt;
    tag.opaque = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return tag;
}

} // namespace

std::string toText(const EntityTag& tag) {
    return (tag.weak ? "W/\"" : "\"") + tag.opaque + '"';
}

std::optional<EntityTag> readEntityTag(std::string_view text) {
    text = guard::trimmed(text);
    auto tag = takeTag(text);
    return text.empty() ? tag : std::nullopt;
}

EntityTag tagOfContent(std::string_view content) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(content.data(), static_cast<qsizetype>(content.size())));
    return {hash.result().left(kTagBytes).toHex().toStdString(), false};
}

EntityTag inCoding(EntityTag tag, std::string_view coding) {
    if (!tag.weak && coding != "identity")
        tag.opaque.append("-").append(coding);
    return tag;
}

std::optional<TagCondition> readTagCondition(std::string_view text) {
    text = guard::trimmed(text);
    if (text == "*")
        return TagCondition{true, {}};
    TagCondition condition;
    while (true) {
        while (!text.empty() && (text.front() == ',' || text.front() == ' ' || text.front() == '\t'))
            text.remove_prefix(1);
        if (text.empty())
            break;
        auto tag = takeTag(text);
        text = guard::trimmed(text);
        if (!tag || (!text.empty() && text.front() != ','))
            return std::nullopt;
        condition.tags.push_back(std::move(*tag));
    }
    return condition.tags.empty() ? std::nullopt : std::optional(std::move(condition));
}

bool matchesWeakly(const TagCondition& condition, const EntityTag& tag) {
    return condition.any || std::any_of(condition.tags.begin(), condition.tags.end(), [&](const EntityTag& known) {
               return withoutCoding(known.opaque) == withoutCoding(tag.opaque);
           });
}

bool matchesStrongly(const TagCondition& condition, const EntityTag& tag) {
    return condition.any || std::any_of(condition.tags.begin(), condition.tags.end(), [&](const EntityTag& known) {
               return !known.weak && !tag.weak && withoutCoding(known.opaque) == withoutCoding(tag.opaque);
           });
}

} // namespace mm::rest::semantics
