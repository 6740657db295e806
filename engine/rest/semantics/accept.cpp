#include "engine/rest/semantics/accept.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace mm::rest::semantics {
namespace {

using guard::equalsIgnoringCase;
using guard::isDigits;
using guard::isToken;
using guard::trimmed;

struct Weighted {
    std::string name; // lower case, without its parameters
    int weight = 0;   // thousandths
};

// The next part up to the separator, which a quoted string may hold; takes it off the text.
std::string_view takePart(std::string_view& text, char separator) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < text.size() && (quoted || text[at] != separator); ++at) {
        if (quoted && text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            quoted = !quoted;
    }
    at = std::min(at, text.size());
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return trimmed(part);
}

// "0", "0.5", "1.000": at most three digits behind the point, at most 1.
std::optional<int> readWeight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1'))
        return std::nullopt;
    int weight = (text[0] - '0') * 1000;
    if (text.size() == 1)
        return weight;
    const std::string_view digits = text.substr(2);
    if (text[1] != '.' || (!digits.empty() && !isDigits(digits)))
        return std::nullopt;
    int unit = 100;
    for (const char c : digits) {
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

std::optional<Weighted> readItem(std::string_view item) {
    Weighted read{guard::lowered(takePart(item, ';')), 1000};
    while (!item.empty()) {
        const std::string_view parameter = takePart(item, ';');
        const std::size_t equals = std::min(parameter.find('='), parameter.size());
        if (!equalsIgnoringCase(trimmed(parameter.substr(0, equals)), "q"))
            continue;
        const auto weight = readWeight(trimmed(parameter.substr(std::min(equals + 1, parameter.size()))));
        if (!weight)
            return std::nullopt;
        read.weight = *weight;
    }
    return read;
}

std::vector<Weighted> readList(std::string_view text) {
    std::vector<Weighted> list;
    while (!text.empty())
        if (auto item = readItem(takePart(text, ',')); item && !item->name.empty())
            list.push_back(std::move(*item));
    return list;
}

const Weighted* named(const std::vector<Weighted>& list, std::string_view name) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Weighted& w) { return w.name == name; });
    return found == list.end() ? nullptr : &*found;
}

bool isMediaRange(const Weighted& range) {
    const std::size_t slash = range.name.find('/');
    return slash != std::string::npos && isToken(std::string_view(range.name).substr(0, slash)) &&
           isToken(std::string_view(range.name).substr(slash + 1));
}

} // namespace

bool accepts(std::string_view accept, std::string_view mediaType) {
    std::vector<Weighted> ranges = readList(accept);
    std::erase_if(ranges, [](const Weighted& range) { return !isMediaRange(range); });
    if (ranges.empty())
        return true;
    const std::string type = guard::lowered(mediaType.substr(0, mediaType.find(';')));
    const std::string anyOfKind = type.substr(0, type.find('/')) + "/*";
    for (const std::string_view name : {std::string_view(type), std::string_view(anyOfKind), std::string_view("*/*")})
        if (const Weighted* range = named(ranges, name))
            return range->weight > 0;
    return false;
}

Coding bestCoding(std::string_view acceptEncoding) {
    const std::vector<Weighted> list = readList(acceptEncoding);
    const auto weightOf = [&](std::string_view name, std::string_view otherName, int unnamed) {
        for (const std::string_view known : {name, otherName, std::string_view("*")})
            if (const Weighted* coding = named(list, known))
                return coding->weight;
        return unnamed;
    };
    const int gzip = weightOf("gzip", "x-gzip", 0);
    const int deflate = weightOf("deflate", "deflate", 0);
    // Unless it is named, identity is what is left when nothing else is liked.
    const Weighted* plain = named(list, "identity");
    const int identity = plain != nullptr ? plain->weight : 1;
    if (gzip > 0 && gzip >= deflate && gzip >= identity)
        return Coding::Gzip;
    if (deflate > 0 && deflate >= identity)
        return Coding::Deflate;
    return Coding::Identity;
}

} // namespace mm::rest::semantics
