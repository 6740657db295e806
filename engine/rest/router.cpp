#include "engine/rest/router.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <set>

namespace mm::rest {
namespace {

constexpr std::string_view kModel = "{model}";

std::vector<std::string> segmentsOf(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        segments.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

bool isArgument(std::string_view pattern) {
    return !pattern.empty() && pattern.front() == '{';
}

void keepArgument(std::string_view pattern, std::string_view encoded, Arguments& arguments) {
    std::string value;
    guard::percentDecode(encoded, value);
    arguments.insert_or_assign(std::string(pattern.substr(1, pattern.size() - 2)), std::move(value));
}

// "org%2Frepo" is a whole model already: what follows it is not its second half.
bool holdsSlash(std::string_view segment) {
    return segment.find("%2F") != std::string_view::npos || segment.find("%2f") != std::string_view::npos;
}

// Matches with the model taking `modelSegments` segments of the path.
bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path, std::size_t modelSegments,
             Arguments& arguments) {
    std::size_t at = 0;
    for (const std::string& part : pattern) {
        const std::size_t take = part == kModel ? modelSegments : 1;
        if (at + take > path.size() || path[at].empty())
            return false;
        if (!isArgument(part) && path[at] != part)
            return false;
        if (take == 2 && holdsSlash(path[at]))
            return false;
        if (isArgument(part))
            keepArgument(part, take == 2 ? path[at] + '/' + path[at + 1] : path[at], arguments);
        at += take;
    }
    return at == path.size();
}

} // namespace

void Router::setErrorFormat(std::string prefix, ErrorFormat format) {
    m_formats[std::move(prefix)] = format;
}

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
    m_routes.push_back({std::string(method), segmentsOf(pattern), std::move(handler)});
}

Router::Found Router::find(std::string_view method, std::string_view path) const {
    const std::vector<std::string> segments = segmentsOf(path);
    std::set<std::string> methods;
    for (const std::size_t modelSegments : {std::size_t{2}, std::size_t{1}}) {
        for (const Route& route : m_routes) {
            const bool isLongPossible =
                std::find(route.pattern.begin(), route.pattern.end(), kModel) != route.pattern.end();
            if (modelSegments == 1 && !isLongPossible)
                continue; // it was tried before
            Arguments arguments;
            if (!matches(route.pattern, segments, modelSegments, arguments))
                continue;
            if (route.method == method)
                return {&route.handler, std::move(arguments), {}};
            methods.insert(route.method);
        }
    }
    Found found;
    if (methods.empty())
        return found;
    if (methods.contains("GET"))
        methods.insert("HEAD");
    for (const std::string& known : methods)
        found.allow += known + ", ";
    found.allow += "OPTIONS";
    return found;
}

ErrorFormat Router::errorFormat(std::string_view path) const {
    ErrorFormat best = nullptr;
    for (const auto& [prefix, format] : m_formats) { // sorted: a longer prefix comes later
        const bool isUnder = path.substr(0, prefix.size()) == prefix &&
                             (prefix.empty() || path.size() == prefix.size() || path[prefix.size()] == '/');
        if (isUnder)
            best = format;
    }
    return best;
}

std::vector<std::string> Router::routes() const {
    std::vector<std::string> all;
    for (const Route& route : m_routes) {
        std::string text = route.method + ' ';
        for (const std::string& segment : route.pattern)
            text += '/' + segment;
        all.push_back(std::move(text));
    }
    return all;
}

} // namespace mm::rest
