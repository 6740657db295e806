#include "engine/rest/exchange.h"

#include "engine/base/log.h"
#include "engine/ipc/retry_after.h"
#include "engine/rest/http_status.h"

namespace mm::rest {
namespace {

constexpr std::size_t kLargeBytes = 64UL * 1024; // a millisecond or so of JSON: more would delay the other clients

} // namespace

Exchange::~Exchange() {
    if (m_isAnswered || !m_options.link->isOpen())
        return;
    const Error error{ErrorCode::InternalError, "This request was dropped without an answer. Please report it."};
    log::error("a request was dropped without an answer",
               {{"path", m_options.request.path}, {"request_id", m_options.requestId}});
    m_options.link->complete(m_options.id, m_options.errors(error, m_options.requestId));
}

const std::string& Exchange::argument(std::string_view name) const {
    static const std::string none;
    const auto found = m_options.arguments.find(name);
    return found == m_options.arguments.end() ? none : found->second;
}

void Exchange::answer(Answer answer) {
    if (m_isAnswered.exchange(true))
        return;
    answer.headers.emplace_back("X-Request-Id", m_options.requestId);
    m_options.link->complete(m_options.id, std::move(answer));
}

std::shared_ptr<AnswerStream> Exchange::answerInPieces(Answer head) {
    // Where there was an answer already, the front no longer knows the exchange: nothing of these pieces is sent.
    m_isAnswered = true;
    head.headers.emplace_back("X-Request-Id", m_options.requestId);
    return m_options.link->completeInPieces(m_options.id, std::move(head));
}

void Exchange::fail(const Error& error) {
    const int status = httpStatus(error.code);
    if (status == 500)
        log::write(log::Level::Error, "a request failed", error,
                   {{"path", m_options.request.path}, {"request_id", m_options.requestId}});
    Answer answer = m_options.errors(error, m_options.requestId);
    if (const auto allow = error.facts.find("allow");
        allow != error.facts.end() && error.code == ErrorCode::MethodNotAllowed)
        answer.headers.emplace_back("Allow", std::get<std::string>(allow->second));
    if (const int seconds = retryAfterSeconds(error); seconds > 0)
        answer.headers.emplace_back("Retry-After", std::to_string(seconds));
    this->answer(std::move(answer));
}

void Exchange::onClientLeft(std::function<void()> left) {
    m_options.link->watchClient(m_options.id, std::move(left));
}

void Exchange::work(std::size_t bytes, std::function<void()> task) {
    if (bytes > kLargeBytes)
        m_options.link->runInPool(std::move(task));
    else
        m_options.link->runHere(std::move(task));
}

} // namespace mm::rest
