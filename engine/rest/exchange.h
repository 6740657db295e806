// One request and the answer that is owed for it. Handlers share it; whoever drops the last reference without having
// answered makes it answer 500, so no client waits for nothing. Safe from any thread: the answer finds its way to the
// REST thread, or is dropped when nobody is left to read it. The first answer counts.
#pragma once

#include "engine/access/identity.h"
#include "engine/base/reply.h"
#include "engine/rest/answer.h"
#include "engine/rest/answer_stream.h"
#include "engine/rest/front_link.h"
#include "engine/rest/guard/http_request.h"
#include "engine/rest/router.h"
#include "engine/rest/semantics/http_contract.h"
#include "engine/service/call.h"

#include <atomic>
#include <memory>
#include <string>

namespace mm::rest {

class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    struct Options {
        std::shared_ptr<FrontLink> link;
        std::uint64_t id = 0; // of the exchange, by which the front knows it
        guard::HttpRequest request;
        std::string requestId;
        Arguments arguments;
        ErrorFormat errors = nullptr;
        std::shared_ptr<const semantics::HttpContract> contract;
        access::IdentityPtr identity = nullptr; // null: access control is off, or nobody needs to be known
    };
    explicit Exchange(Options options);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    [[nodiscard]] const guard::HttpRequest& request() const { return m_options.request; }
    [[nodiscard]] const std::string& requestId() const { return m_options.requestId; }
    [[nodiscard]] const std::string& argument(std::string_view name) const;
    // Whom it was made by: the verified identity's name, else what the client calls itself, or where it calls from;
    // fails where that is no name.
    [[nodiscard]] const Result<std::string>& client() const { return m_client; }
    // The same for the audit, which notes every call.
    [[nodiscard]] const std::string& caller() const { return m_client ? *m_client : m_options.request.peer; }
    [[nodiscard]] const access::IdentityPtr& identity() const { return m_options.identity; }
    // What the services are to know of an inference; fails as client() does. One that came without a trace may get one.
    [[nodiscard]] Result<service::CallContext> call();

    // Unpacks the body that came packed and calls `next` on the REST thread; fails with the reason otherwise.
    void unpackBody(std::function<void()> next);
    // Shows the answer to `watcher` before it goes out: once, on the thread that answers. Set before the work begins.
    void watchAnswer(std::function<void(const Answer&)> watcher) { m_watcher = std::move(watcher); }

    void answer(Answer answer);
    // Begins an answer with this head, whose body follows in pieces; see AnswerStream. `head.body` is not sent. In
    // chunks, unless the head names its Content-Length.
    std::shared_ptr<AnswerStream> answerInPieces(Answer head);
    void fail(const Error& error);

    // Runs `left` once on the REST thread if the client goes before it is answered, or has gone already.
    void onClientLeft(std::function<void()> left);

    // Work whose cost grows with `bytes`: small work on the REST thread, at once where this is it; large on the pool.
    // Wherever it runs, what it asks of the services is asked in the caller's name.
    void work(std::size_t bytes, std::function<void()> task);

    // A Reply that fails the exchange or answers with encode(value), made on the REST thread.
    template <typename T, typename Encode>
    Reply<T> replyWith(Encode encode) {
        return [self = shared_from_this(), encode](Result<T> result) {
            if (!result)
                return self->fail(result.error());
            auto value = std::make_shared<T>(std::move(result).value());
            self->work(0, [self, encode, value] { self->answer(encode(*value)); });
        };
    }

private:
    // By which logs and error bodies name the request.
    [[nodiscard]] const std::string& traceId() const;
    void completeHead(Answer& answer) const;
    void send(Answer answer);

    Options m_options;
    service::TraceContext m_trace;
    Result<std::string> m_client;
    std::function<void(const Answer&)> m_watcher;
    std::atomic<bool> m_isAnswered = false;
};

} // namespace mm::rest
