// What lives on one REST thread: its connections, and the exchanges whose answers are still owed. Routes each request,
// hands each answer to its connection, and lets go of both the moment a client leaves. REST thread only, from making to
// end.
#pragma once

#include "engine/access/gate.h"
#include "engine/base/result.h"
#include "engine/rest/front_link.h"
#include "engine/rest/guard/http_listener.h"
#include "engine/rest/router.h"
#include "engine/rest/semantics/http_contract.h"

#include <QHostAddress>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mm::rest {

class HttpFront final : public ExchangeFront {
public:
    // `gate`: before every route; null where access control is off.
    HttpFront(const Router& router, const guard::GuardLimits& limits, semantics::ContractOptions contract,
              Executor& executor, QThreadPool& pool, access::Gate* gate = nullptr);
    ~HttpFront() override;

    // With TLS where `tls` names files. Fails as RestServer::start() does.
    Result<std::uint16_t> listen(const QHostAddress& address, std::uint16_t port, const std::string& asWritten,
                                 const TlsFiles& tls = {});
    // Told of every answer that is given: method and route as they were added to the router, and the status. On the
    // REST thread; set before listen().
    using AnswerWatcher = std::function<void(std::string_view method, std::string_view route, int status)>;
    void watchAnswers(AnswerWatcher watcher) { m_watcher = std::move(watcher); }
    // See RestServer::beginStop().
    void endSoon(std::chrono::milliseconds drainTime, std::function<void()> drained);

private:
    struct Pending {
        std::uint64_t ticket = 0; // of the connection
        std::string requestId;
        ErrorFormat errors = nullptr;
        bool isInPieces = false;      // its answer has begun
        std::string_view method = {}; // of the route; empty: there is none such
        std::string_view route = {};
        std::vector<std::function<void()>> onClientLeft = {};
    };

    void complete(std::uint64_t exchange, Answer answer) override;
    void completeInPieces(std::uint64_t exchange, const Answer& head,
                          std::shared_ptr<guard::PieceQueue> pieces) override;
    void watchClient(std::uint64_t exchange, std::function<void()> left) override;

    void handle(guard::HttpConnection& connection, guard::HttpRequest request);
    [[nodiscard]] Result<access::IdentityPtr> admit(const guard::HttpRequest& request,
                                                    const Router::Found& found) const;
    void dispatch(const std::shared_ptr<Exchange>& owed, Router::Found found, bool isIdGood);
    static void serve(const ExchangePtr& owed, const Router::Found& found);
    void clientLeft(std::uint64_t ticket);
    void failOverdue(std::uint64_t ticket);
    std::string uniqueId(std::string_view wished) const;
    std::optional<Pending> takePending(std::uint64_t exchange);
    std::optional<Pending> takePendingOf(std::uint64_t ticket);
    static Answer failure(const Pending& pending, const Error& error);
    void answerPending(const Pending& pending, Answer answer);
    void noteAnswer(const Pending& pending, int status) const;
    void finishDrain();

    const Router& m_router;
    AnswerWatcher m_watcher;
    access::Gate* m_gate;
    std::shared_ptr<const semantics::HttpContract> m_contract;
    std::shared_ptr<FrontLink> m_link;
    std::unique_ptr<guard::HttpListener> m_listener;
    std::unordered_map<std::uint64_t, Pending> m_pending;         // by exchange
    std::unordered_map<std::uint64_t, std::uint64_t> m_exchanges; // by ticket of the connection
    std::unordered_set<std::string_view> m_requestIds;            // in m_pending
    std::uint64_t m_lastExchange = 0;
    QTimer m_drainTimer;
    std::vector<std::function<void()>> m_drained;
};

} // namespace mm::rest
