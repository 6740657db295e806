// The JSON body of a request: that there is one, that it says it is JSON, and into which message it goes.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/rest/json/proto_reader.h"

#include <memory>
#include <string_view>
#include <utility>

namespace mm::rest {

// The body's text. Fails with UnsupportedMediaType for another Content-Type and MalformedRequest for none at all.
Result<std::string_view> jsonBody(const guard::HttpRequest& request);

// Reads the body into a Request and calls next(Request) with it, on the pool where it is large; fails the exchange with
// the reason otherwise. An operation whose `shape` requires nothing may be called without a body.
template <typename Request, typename Next>
void withBody(const ExchangePtr& exchange, const BodyShape& shape, Next next) {
    const std::size_t size = exchange->request().body.size();
    if (size == 0 && shape.required.empty())
        return next(Request());
    exchange->work(size, [exchange, shape, next] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        Request request;
        if (const Result<void> read = readBody(*json, shape, request); !read)
            return exchange->fail(read.error());
        next(std::move(request));
    });
}

} // namespace mm::rest
