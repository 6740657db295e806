#include "engine/rest/http_front.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/rest/exchange.h"
#include "engine/service/audit/caller.h"

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

Answer HttpFront::failure(const Pending& pending, const Error& error) {
    Answer answer = pending.errors(error, pending.requestId);
    answer.headers.emplace_back("X-Request-Id", pending.requestId);
    return answer;
}

HttpFront::HttpFront(const Router& router, const guard::GuardLimits& limits, semantics::ContractOptions contract,
                     Executor& executor, QThreadPool& pool, access::Gate* gate)
    : m_router(router)
    , m_gate(gate)
    , m_contract(std::make_shared<const semantics::HttpContract>(std::move(contract)))
    , m_link(std::make_shared<FrontLink>(*this, executor, pool)) {
    guard::ListenerEvents events;
    events.requestCame = [this](guard::HttpConnection& connection, guard::HttpRequest request) {
        handle(connection, std::move(request));
    };
    events.clientLeft = [this](quint64 ticket) { clientLeft(ticket); };
    events.answerOverdue = [this](quint64 ticket) { failOverdue(ticket); };
    events.answerWritten = [this](quint64 ticket) { takePendingOf(ticket); };
    events.quiet = [this] { finishDrain(); };
    events.refusal = [this](const Error& error, const guard::HttpRequest& request, const std::string& traceId) {
        return m_router.errorFormat(request.path)(error, traceId);
    };
    m_listener = std::make_unique<guard::HttpListener>(limits, std::move(events));
    m_drainTimer.setSingleShot(true);
    QObject::connect(&m_drainTimer, &QTimer::timeout, &m_drainTimer, [this] { finishDrain(); });
}

HttpFront::~HttpFront() {
    m_link->close();
    m_listener.reset();
}

Result<std::uint16_t> HttpFront::listen(const QHostAddress& address, std::uint16_t port, const std::string& asWritten,
                                        const TlsFiles& tls) {
    if (tls.isOn()) {
        MM_TRY(auto context, guard::TlsContext::create(tls));
        m_listener->setTls(std::move(context));
    }
    if (m_listener->listen(address, port))
        return m_listener->serverPort();
    if (m_listener->serverError() == QAbstractSocket::AddressInUseError)
        return Error{ErrorCode::AddressInUse,
                     "The REST address " + asWritten +
                         " is in use by another program, perhaps another ModelMora. Stop that one, or choose another "
                         "address with --rest HOST:PORT.",
                     {{"address", asWritten}}};
    return Error{ErrorCode::InvalidConfiguration,
                 "Cannot listen on the REST address " + asWritten + ": " + m_listener->errorString().toStdString() +
                     ". Choose another with --rest HOST:PORT.",
                 {{"address", asWritten}}};
}

void HttpFront::handle(guard::HttpConnection& connection, guard::HttpRequest request) {
    const std::string_view wished = request.header("x-request-id");
    const bool isIdGood = wished.empty() || isRequestId(wished);
    std::string requestId = uniqueId(isIdGood ? wished : std::string_view());
    const std::uint64_t exchange = ++m_lastExchange;
    const ErrorFormat errors = m_router.errorFormat(request.path);
    Router::Found found = m_router.find(request.method, request.path);
    const auto pending = m_pending.emplace(exchange, Pending{connection.ticket(), requestId, errors}).first;
    pending->second.method = found.method;
    pending->second.route = found.route;
    m_exchanges[connection.ticket()] = exchange;
    m_requestIds.insert(pending->second.requestId);
    Result<access::IdentityPtr> admitted = admit(request, found);
    const auto owed = std::make_shared<Exchange>(
        Exchange::Options{m_link, exchange, std::move(request), std::move(requestId), std::move(found.arguments),
                          errors, m_contract, admitted ? *admitted : access::IdentityPtr()});
    if (!admitted)
        return owed->fail(admitted.error());
    dispatch(owed, std::move(found), isIdGood);
}

// What leads nowhere is for everybody, but for keys in the address.
Result<access::IdentityPtr> HttpFront::admit(const guard::HttpRequest& request, const Router::Found& found) const {
    if (m_gate == nullptr)
        return access::IdentityPtr();
    const std::string_view key = request.header("x-api-key");
    return m_gate->admit({.authorization = request.header("authorization"),
                          .apiKey = key.empty() ? request.header("api-key") : key,
                          .query = request.query,
                          .certificate = request.certificate},
                         found.handler ? found.operation : access::Operation::CheckAlive, request.peer);
}

// An id names one running request: cancelling it must not touch another that was sent under the same name.
std::string HttpFront::uniqueId(std::string_view wished) const {
    std::string id = wished.empty() ? newUuid() : std::string(wished);
    if (m_requestIds.contains(id))
        id = newUuid();
    return id;
}

void HttpFront::dispatch(const std::shared_ptr<Exchange>& owed, Router::Found found, bool isIdGood) {
    const std::string& method = owed->request().method;
    const std::string& path = owed->request().path;
    if (!isIdGood)
        return owed->fail(badRequestId());
    if (found.handler)
        return serve(owed, found);
    if (method == "OPTIONS" && (path == "*" || !found.allow.empty()))
        return owed->answer(m_contract->options(owed->request(), path == "*" ? m_router.methods() : found.allow));
    if (found.allow.empty())
        return owed->fail(
            {ErrorCode::NotFound, "There is nothing at " + path + ". The API lives under /api/v1 and /v1."});
    owed->fail({ErrorCode::MethodNotAllowed,
                method + " is not possible at " + path + ". Possible: " + found.allow + ".",
                {{"allow", found.allow}}});
}

void HttpFront::serve(const ExchangePtr& owed, const Router::Found& found) {
    using semantics::HttpContract;
    if (const Result<void> taken = HttpContract::checkAccept(owed->request(), found.produces); !taken)
        return owed->fail(taken.error());
    const auto handle = [handler = found.handler, owed] {
        const service::CallerScope scope(owed->caller(), owed->identity());
        (*handler)(owed);
    };
    if (HttpContract::isPacked(owed->request()))
        return owed->unpackBody(handle);
    handle();
}

std::optional<HttpFront::Pending> HttpFront::takePending(std::uint64_t exchange) {
    const auto found = m_pending.find(exchange);
    if (found == m_pending.end())
        return std::nullopt;
    m_requestIds.erase(found->second.requestId);
    m_exchanges.erase(found->second.ticket);
    Pending pending = std::move(found->second);
    m_pending.erase(found);
    return pending;
}

std::optional<HttpFront::Pending> HttpFront::takePendingOf(std::uint64_t ticket) {
    const auto found = m_exchanges.find(ticket);
    return found == m_exchanges.end() ? std::nullopt : takePending(found->second);
}

void HttpFront::noteAnswer(const Pending& pending, int status) const {
    if (m_watcher)
        m_watcher(pending.method, pending.route, status);
}

void HttpFront::answerPending(const Pending& pending, Answer answer) {
    noteAnswer(pending, answer.status);
    if (guard::HttpConnection* connection = m_listener->connectionOf(pending.ticket))
        connection->answer(std::move(answer));
}

void HttpFront::complete(std::uint64_t exchange, Answer answer) {
    if (const std::optional<Pending> pending = takePending(exchange))
        answerPending(*pending, std::move(answer));
}

// It stays pending, so that whoever makes the pieces hears of a client that leaves.
void HttpFront::completeInPieces(std::uint64_t exchange, const Answer& head,
                                 std::shared_ptr<guard::PieceQueue> pieces) {
    const auto found = m_pending.find(exchange);
    guard::HttpConnection* connection =
        found == m_pending.end() ? nullptr : m_listener->connectionOf(found->second.ticket);
    if (!connection || std::exchange(found->second.isInPieces, true))
        return pieces->close();
    noteAnswer(found->second, head.status);
    connection->answerInPieces(head, std::move(pieces));
}

void HttpFront::watchClient(std::uint64_t exchange, std::function<void()> left) {
    const auto found = m_pending.find(exchange);
    if (found == m_pending.end())
        return left(); // gone, or answered: then it has no effect
    found->second.onClientLeft.push_back(std::move(left));
}

void HttpFront::clientLeft(std::uint64_t ticket) {
    if (const std::optional<Pending> pending = takePendingOf(ticket))
        for (const auto& left : pending->onClientLeft)
            left();
}

void HttpFront::failOverdue(std::uint64_t ticket) {
    const std::optional<Pending> pending = takePendingOf(ticket);
    if (!pending)
        return;
    for (const auto& left : pending->onClientLeft)
        left();
    log::error("no answer was made in time", {{"request_id", pending->requestId}});
    const Error error{ErrorCode::InternalError, "No answer was made for this request."};
    answerPending(*pending, failure(*pending, error));
}

void HttpFront::endSoon(std::chrono::milliseconds drainTime, std::function<void()> drained) {
    m_drained.push_back(std::move(drained));
    if (!m_drainTimer.isActive())
        m_drainTimer.start(drainTime);
    m_listener->endSoon();
}

// All answers are out, or their time is over: who still waits is told to come back, and what runs for it is cancelled.
void HttpFront::finishDrain() {
    m_drainTimer.stop();
    m_listener->breakOffPieces();
    while (!m_pending.empty()) {
        const std::optional<Pending> pending = takePending(m_pending.begin()->first);
        for (const auto& left : pending->onClientLeft)
            left();
        Answer answer = failure(*pending, {ErrorCode::ServiceUnavailable,
                                           "The server is stopping. Send the request again when it is back."});
        answer.headers.emplace_back("Retry-After", "1");
        answerPending(*pending, std::move(answer));
    }
    m_listener->flushAll();
    for (const auto& drained : std::exchange(m_drained, {}))
        drained();
}

} // namespace mm::rest
