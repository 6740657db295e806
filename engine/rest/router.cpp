#include "engine/rest/router.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <array>

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

// The segments of a request's path, in its own memory: this happens for every request.
struct PathSegments {
    static constexpr std::size_t kMost = 24; // no route is as deep

    explicit PathSegments(std::string_view path) {
        while (!path.empty() && count < kMost) {
            path.remove_prefix(1); // the slash
            const std::size_t end = std::min(path.find('/'), path.size());
            texts.at(count++) = path.substr(0, end);
            path.remove_prefix(end);
        }
        isWhole = path.empty();
    }

    std::array<std::string_view, kMost> texts;
    std::size_t count = 0;
    bool isWhole = false;
};

bool isArgument(std::string_view pattern) {
    return !pattern.empty() && pattern.front() == '{';
}

// "org%2Frepo" is a whole model already: what follows it is not its second half.
bool holdsSlash(std::string_view segment) {
    return segment.find("%2F") != std::string_view::npos || segment.find("%2f") != std::string_view::npos;
}

// Matches with the model taking `modelSegments` segments of the path; calls keep(name, first, last) for the arguments.
template <typename Keep>
bool walk(const std::vector<std::string>& pattern, const PathSegments& path, std::size_t modelSegments, Keep keep) {
    std::size_t at = 0;
    for (const std::string& part : pattern) {
        const std::size_t take = part == kModel ? modelSegments : 1;
        if (at + take > path.count || path.texts.at(at).empty())
            return false;
        if (!isArgument(part) && path.texts.at(at) != part)
            return false;
        if (take == 2 && holdsSlash(path.texts.at(at)))
            return false;
        if (isArgument(part))
            keep(part, at, at + take);
        at += take;
    }
    return at == path.count;
}

bool matches(const std::vector<std::string>& pattern, const PathSegments& path, std::size_t modelSegments) {
    return walk(pattern, path, modelSegments, [](std::string_view, std::size_t, std::size_t) {});
}

Arguments argumentsOf(const std::vector<std::string>& pattern, const PathSegments& path, std::size_t modelSegments) {
    Arguments arguments;
    walk(pattern, path, modelSegments, [&](std::string_view part, std::size_t first, std::size_t last) {
        std::string encoded(path.texts.at(first));
        for (std::size_t at = first + 1; at < last; ++at)
            encoded.append("/").append(path.texts.at(at));
        std::string value;
        guard::percentDecode(encoded, value);
        arguments.insert_or_assign(std::string(part.substr(1, part.size() - 2)), std::move(value));
    });
    return arguments;
}

// As Allow lists them.
std::string allowing(std::vector<std::string_view> methods) {
    if (std::find(methods.begin(), methods.end(), "GET") != methods.end())
        methods.push_back("HEAD");
    std::sort(methods.begin(), methods.end());
    methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
    std::string text;
    for (const std::string_view known : methods)
        text.append(known).append(", ");
    return text += "OPTIONS";
}

} // namespace

void Router::setErrorFormat(std::string prefix, ErrorFormat format) {
    m_formats[std::move(prefix)] = format;
}

void Router::add(std::string_view method, std::string_view pattern, access::Operation operation, Handler handler,
                 std::string_view produces) {
    m_routes.push_back(
        {std::string(method), std::string(pattern), segmentsOf(pattern), operation, std::move(handler), produces});
}

Router::Found Router::find(std::string_view method, std::string_view path) const {
    const PathSegments segments(path);
    Found found;
    if (!segments.isWhole)
        return found;
    std::vector<std::string_view> methods;
    for (const std::size_t modelSegments : {std::size_t{2}, std::size_t{1}}) {
        for (const Route& route : m_routes) {
            if (modelSegments == 1 &&
                std::find(route.pattern.begin(), route.pattern.end(), kModel) == route.pattern.end())
                continue; // it was tried before
            if (!matches(route.pattern, segments, modelSegments))
                continue;
            if (route.method == method)
                return {&route.handler,
                        argumentsOf(route.pattern, segments, modelSegments),
                        {},
                        route.produces,
                        route.method,
                        route.text,
                        route.operation};
            methods.push_back(route.method);
        }
    }
    if (!methods.empty())
        found.allow = allowing(std::move(methods));
    return found;
}

std::string Router::methods() const {
    std::vector<std::string_view> methods;
    for (const Route& route : m_routes)
        methods.push_back(route.method);
    return allowing(std::move(methods));
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
    for (auto& [text, operation] : operations())
        all.push_back(std::move(text));
    return all;
}

std::vector<std::pair<std::string, access::Operation>> Router::operations() const {
    std::vector<std::pair<std::string, access::Operation>> all;
    for (const Route& route : m_routes) {
        std::string text = route.method + ' ';
        for (const std::string& segment : route.pattern)
            text += '/' + segment;
        all.emplace_back(std::move(text), route.operation);
    }
    return all;
}

} // namespace mm::rest
