#include "engine/rest/http_front.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/rest/exchange.h"

#include <algorithm>
#include <utility>

namespace mm::rest {
namespace {

constexpr std::size_t kLongestRequestId = 128;

bool isRequestId(std::string_view text) {
    return !text.empty() && text.size() <= kLongestRequestId &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

Error badRequestId() {
    return {ErrorCode::MalformedRequest, "X-Request-Id must be 1 to 128 visible ASCII characters without spaces."};
}

} // namespace

HttpFront::HttpFront(const Router& router, const guard::GuardLimits& limits, Executor& executor, QThreadPool& pool)
    : m_router(router), m_link(std::make_shared<FrontLink>(*this, executor, pool)) {
    guard::GuardEvents events;
    events.clientLeft = [this](quint64 ticket) { clientLeft(ticket); };
    events.quiet = [this] { finishDrain(); };
    events.refusalBody = [this](const Error& error, const guard::HttpRequest& request, const std::string& traceId) {
        return m_router.errorFormat(request.path)(error, traceId).body;
    };
    m_guard = new guard::GuardServer(limits, std::move(events));
    m_guard->setParent(&m_http);
    http_compat::handleAll(m_http, [this](const QHttpServerRequest& carrier, QHttpServerResponder& responder) {
        handle(carrier, responder);
    });
    m_drainTimer.setSingleShot(true);
    QObject::connect(&m_drainTimer, &QTimer::timeout, &m_drainTimer, [this] { finishDrain(); });
}

HttpFront::~HttpFront() {
    m_link->close();
    m_pending.clear(); // responders before their sockets
    delete m_guard;
}

Result<std::uint16_t> HttpFront::listen(const QHostAddress& address, std::uint16_t port, const std::string& asWritten) {
    if (!m_guard->listen(address, port)) {
        if (m_guard->serverError() == QAbstractSocket::AddressInUseError)
            return Error{ErrorCode::AddressInUse,
                         "The REST address " + asWritten +
                             " is in use by another program, perhaps another ModelMora. Stop that one, or choose "
                             "another address with --rest HOST:PORT.",
                         {{"address", asWritten}}};
        return Error{ErrorCode::InvalidConfiguration,
                     "Cannot listen on the REST address " + asWritten + ": " + m_guard->errorString().toStdString() +
                         ". Choose another with --rest HOST:PORT.",
                     {{"address", asWritten}}};
    }
    if (!http_compat::attach(m_http, m_guard))
        return Error{ErrorCode::InternalError, "The HTTP server does not take its listening socket."};
    return m_guard->serverPort();
}

void HttpFront::handle(const QHttpServerRequest& carrier, QHttpServerResponder& responder) {
    const quint64 ticket = carrier.value("G").toULongLong();
    guard::GuardSocket* socket = m_guard->socketOf(ticket);
    std::optional<guard::HttpRequest> request = socket ? socket->takeRequest() : std::nullopt;
    if (!request) {
        log::error("the HTTP server handed over a request that the guard does not know", {{"ticket", ticket}});
        return;
    }
    const std::string_view wished = request->header("x-request-id");
    const bool isIdGood = wished.empty() || isRequestId(wished);
    std::string requestId = uniqueId(isIdGood ? wished : std::string_view());
    const std::uint64_t exchange = ++m_lastExchange;
    m_pending.emplace(exchange, Pending{ticket, http_compat::keep(responder), requestId, {}});
    m_exchanges[ticket] = exchange;
    m_requestIds.insert(requestId);
    dispatch(exchange, std::move(*request), std::move(requestId), isIdGood);
}

// An id names one running request: cancelling it must not touch another that was sent under the same name.
std::string HttpFront::uniqueId(std::string_view wished) const {
    std::string id = wished.empty() ? newUuid() : std::string(wished);
    if (m_requestIds.contains(id))
        id = newUuid();
    return id;
}

void HttpFront::dispatch(std::uint64_t exchange, guard::HttpRequest request, std::string requestId, bool isIdGood) {
    const std::string method = request.method;
    const std::string path = request.path;
    Router::Found found = m_router.find(method, path);
    const auto owed =
        std::make_shared<Exchange>(Exchange::Options{m_link, exchange, std::move(request), std::move(requestId),
                                                     std::move(found.arguments), m_router.errorFormat(path)});
    if (!isIdGood)
        return owed->fail(badRequestId());
    if (found.handler)
        return (*found.handler)(owed);
    if (method == "OPTIONS" && (path == "*" || !found.allow.empty())) {
        const std::string all = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
        return owed->answer({204, {}, {}, {{"Allow", path == "*" ? all : found.allow}}});
    }
    if (found.allow.empty())
        return owed->fail(
            {ErrorCode::NotFound, "There is nothing at " + path + ". The API lives under /api/v1 and /v1."});
    owed->fail({ErrorCode::MethodNotAllowed,
                method + " is not possible at " + path + ". Possible: " + found.allow + ".",
                {{"allow", found.allow}}});
}

std::optional<HttpFront::Pending> HttpFront::takePending(std::uint64_t exchange) {
    const auto found = m_pending.find(exchange);
    if (found == m_pending.end())
        return std::nullopt;
    Pending pending = std::move(found->second);
    m_pending.erase(found);
    m_exchanges.erase(pending.ticket);
    m_requestIds.erase(pending.requestId);
    return pending;
}

void HttpFront::complete(std::uint64_t exchange, Answer answer) {
    if (const std::optional<Pending> pending = takePending(exchange))
        http_compat::write(*pending->responder, answer);
}

void HttpFront::watchClient(std::uint64_t exchange, std::function<void()> left) {
    const auto found = m_pending.find(exchange);
    if (found == m_pending.end())
        return left(); // gone, or answered: then it has no effect
    found->second.onClientLeft.push_back(std::move(left));
}

void HttpFront::clientLeft(std::uint64_t ticket) {
    const auto found = m_exchanges.find(ticket);
    if (found == m_exchanges.end())
        return;
    const std::optional<Pending> pending = takePending(found->second);
    for (const auto& left : pending->onClientLeft)
        left();
}

void HttpFront::endSoon(std::chrono::milliseconds drainTime, std::function<void()> drained) {
    m_drained.push_back(std::move(drained));
    if (!m_drainTimer.isActive())
        m_drainTimer.start(drainTime);
    m_guard->endSoon();
}

// All answers are out, or their time is over: who still waits is told to come back, and what runs for it is cancelled.
void HttpFront::finishDrain() {
    m_drainTimer.stop();
    while (!m_pending.empty()) {
        const std::optional<Pending> pending = takePending(m_pending.begin()->first);
        for (const auto& left : pending->onClientLeft)
            left();
        const Error error{ErrorCode::ServiceUnavailable,
                          "The server is stopping. Send the request again when it is back."};
        Answer answer = m_router.errorFormat({})(error, pending->requestId);
        answer.headers.emplace_back("Retry-After", "1");
        http_compat::write(*pending->responder, answer);
    }
    m_guard->flushAll();
    for (const auto& drained : std::exchange(m_drained, {}))
        drained();
}

} // namespace mm::rest
