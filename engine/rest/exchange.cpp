#include "engine/rest/exchange.h"

#include "engine/base/log.h"
#include "engine/ipc/retry_after.h"
#include "engine/rest/http_status.h"
#include "engine/rest/semantics/header_list.h"
#include "engine/rest/semantics/packed_stream.h"
#include "engine/service/audit/caller.h"
#include "engine/service/client_name.h"

namespace mm::rest {
namespace {

constexpr std::size_t kLargeBytes = 64UL * 1024; // a millisecond or so of JSON: more would delay the other clients
constexpr std::size_t kPackingCost = 8;          // of a byte, as many of JSON
constexpr std::size_t kUnpackingCost = 16;       // a packed byte is several

Error noSuchRange(const Answer& answer) {
    return {ErrorCode::RangeNotSatisfiable, "There is no such range: Content-Range is " +
                                                std::string(semantics::headerOf(answer, "Content-Range")) + "."};
}

} // namespace

Exchange::Exchange(Options options)
    : m_options(std::move(options))
    , m_trace(service::readTraceContext(semantics::allOf(m_options.request, "traceparent"),
                                        semantics::allOf(m_options.request, "tracestate")))
    , m_client(m_options.identity ? Result<std::string>(m_options.identity->name)
                                  : service::clientName(m_options.request.header("x-modelmora-client"),
                                                        m_options.request.peer, "X-ModelMora-Client")) {}

Exchange::~Exchange() {
    if (m_isAnswered || !m_options.link->isOpen())
        return;
    const Error error{ErrorCode::InternalError, "This request was dropped without an answer. Please report it."};
    log::error("a request was dropped without an answer",
               {{"path", m_options.request.path}, {"request_id", m_options.requestId}, {"trace_id", traceId()}});
    Answer answer = m_options.errors(error, traceId());
    if (m_watcher)
        m_watcher(answer);
    completeHead(answer);
    m_options.link->complete(m_options.id, std::move(answer));
}

const std::string& Exchange::traceId() const {
    return m_trace.isTraced() ? m_trace.traceId : m_options.requestId;
}

Result<service::CallContext> Exchange::call() {
    MM_TRY(std::string client, m_client);
    if (!m_trace.isTraced())
        m_trace = service::newTraceContext();
    service::CallContext call;
    call.requestId = m_options.requestId;
    call.client = std::move(client);
    call.trace = m_trace;
    call.identity = m_options.identity;
    call.isCounted = true;
    return call;
}

const std::string& Exchange::argument(std::string_view name) const {
    static const std::string none;
    const auto found = m_options.arguments.find(name);
    return found == m_options.arguments.end() ? none : found->second;
}

void Exchange::answer(Answer answer) {
    if (m_isAnswered.exchange(true))
        return;
    if (m_watcher)
        m_watcher(answer);
    send(std::move(answer));
}

void Exchange::completeHead(Answer& answer) const {
    answer.headers.emplace_back("X-Request-Id", m_options.requestId);
    if (m_trace.isTraced()) {
        answer.headers.emplace_back("traceresponse", service::traceResponse(m_trace));
        answer.headers.emplace_back("traceparent", service::traceResponse(m_trace));
    }
    m_options.contract->completeHead(m_options.request, answer);
}

void Exchange::send(Answer answer) {
    semantics::HttpContract::obeyConditions(m_options.request, answer);
    if (answer.status == 416)
        answer.body = m_options.errors(noSuchRange(answer), traceId()).body;
    completeHead(answer);
    const semantics::Coding coding = m_options.contract->chooseCoding(m_options.request, answer);
    if (coding == semantics::Coding::Identity)
        return m_options.link->complete(m_options.id, std::move(answer));
    auto kept = std::make_shared<Answer>(std::move(answer));
    work(kept->body.size() * kPackingCost, [self = shared_from_this(), kept, coding] {
        semantics::HttpContract::pack(*kept, coding);
        self->m_options.link->complete(self->m_options.id, std::move(*kept));
    });
}

void Exchange::unpackBody(std::function<void()> next) {
    work(m_options.request.body.size() * kUnpackingCost, [self = shared_from_this(), next = std::move(next)] {
        if (const Result<void> plain = self->m_options.contract->unpackBody(self->m_options.request); !plain)
            return self->fail(plain.error());
        self->m_options.link->runHere(next);
    });
}

std::shared_ptr<AnswerStream> Exchange::answerInPieces(Answer head) {
    // Where there was an answer already, the front no longer knows the exchange: nothing of these pieces is sent.
    m_isAnswered = true;
    completeHead(head);
    auto packer = m_options.contract->packerFor(m_options.request, head);
    auto pieces = m_options.link->completeInPieces(m_options.id, std::move(head));
    if (packer)
        return std::make_shared<semantics::PackedStream>(std::move(pieces), std::move(packer));
    return pieces;
}

void Exchange::fail(const Error& error) {
    const int status = httpStatus(error.code);
    if (status == 500)
        log::write(log::Level::Error, "a request failed", error,
                   {{"path", m_options.request.path}, {"request_id", m_options.requestId}, {"trace_id", traceId()}});
    Answer answer = m_options.errors(error, traceId());
    if (const auto allow = error.facts.find("allow");
        allow != error.facts.end() && error.code == ErrorCode::MethodNotAllowed)
        answer.headers.emplace_back("Allow", std::get<std::string>(allow->second));
    if (const int seconds = retryAfterSeconds(error); seconds > 0)
        answer.headers.emplace_back("Retry-After", std::to_string(seconds));
    if (error.code == ErrorCode::Unauthenticated)
        answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"modelmora\"");
    this->answer(std::move(answer));
}

void Exchange::onClientLeft(std::function<void()> left) {
    m_options.link->watchClient(m_options.id, std::move(left));
}

void Exchange::work(std::size_t bytes, std::function<void()> task) {
    auto asCaller = [self = shared_from_this(), task = std::move(task)] {
        const service::CallerScope scope(self->caller(), self->identity());
        task();
    };
    if (bytes > kLargeBytes)
        m_options.link->runInPool(std::move(asCaller));
    else
        m_options.link->runHere(std::move(asCaller));
}

} // namespace mm::rest
