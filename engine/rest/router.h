// Which handler a method and path belong to. Patterns are segments; "{model}" takes a model id, that is two segments
// ("org/repo") or one with an encoded slash ("org%2Frepo"), each with or without "@version"; other "{names}" take one.
// Filled once at start, then immutable and safe from any thread.
#pragma once

#include "engine/access/operation.h"
#include "engine/rest/answer.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::rest {

class Exchange;
using ExchangePtr = std::shared_ptr<Exchange>;
using Handler = std::function<void(const ExchangePtr&)>;
using Arguments = std::map<std::string, std::string, std::less<>>; // percent-decoded

class Router {
public:
    // Paths under the prefix answer errors in that format; the longest prefix wins. "" is everything else.
    void setErrorFormat(std::string prefix, ErrorFormat format);
    // `operation`: what the route does, by which it is decided who may.
    // `produces`: the media types that it answers with, "a/b, c/d"; text that lives for ever. A client that takes none
    // of them is refused.
    void add(std::string_view method, std::string_view pattern, access::Operation operation, Handler handler,
             std::string_view produces = "application/json");

    struct Found {
        const Handler* handler = nullptr;
        Arguments arguments;
        std::string allow; // where the path is known: its methods, "GET, POST, OPTIONS"
        std::string_view produces = {};
        // As it was added; they live as long as the router.
        std::string_view method = {};
        std::string_view route = {};
        access::Operation operation = {}; // where there is a handler
    };
    [[nodiscard]] Found find(std::string_view method, std::string_view path) const;
    // Of all routes together, as Allow lists them.
    [[nodiscard]] std::string methods() const;
    [[nodiscard]] ErrorFormat errorFormat(std::string_view path) const;
    // Every route, "GET /models/{model}", in the order in which they were added.
    [[nodiscard]] std::vector<std::string> routes() const;
    // The same with what each does.
    [[nodiscard]] std::vector<std::pair<std::string, access::Operation>> operations() const;

private:
    struct Route {
        std::string method;
        std::string text;
        std::vector<std::string> pattern;
        access::Operation operation;
        Handler handler;
        std::string_view produces;
    };
    std::vector<Route> m_routes;
    std::map<std::string, ErrorFormat> m_formats;
};

} // namespace mm::rest
