// An HttpFront on a thread of its own with a test's own handlers: for what lies under the routes.
#pragma once

#include "engine/base/qt_executor.h"
#include "engine/rest/exchange.h"
#include "engine/rest/http_front.h"
#include "engine/rest/http_status.h"
#include "tests/unit/rest/rest_client.h"

#include <QThread>
#include <QThreadPool>

#include <atomic>
#include <future>
#include <map>
#include <memory>

namespace mm::test {

class FrontFixture {
public:
    explicit FrontFixture(const std::map<std::string, rest::Handler>& gets, const rest::guard::GuardLimits& limits = {},
                          const TlsFiles& tls = {}) {
        m_router.setErrorFormat({}, [](const Error& error, const std::string&) {
            return rest::Answer{.status = rest::httpStatus(error.code), .body = error.message};
        });
        for (const auto& [path, handler] : gets)
            m_router.add("GET", path, access::Operation::CheckAlive, handler);
        m_executor.moveToThread(&m_thread);
        m_thread.start();
        m_executor.runAndWait([&] {
            m_front = std::make_unique<rest::HttpFront>(m_router, limits, rest::semantics::ContractOptions{},
                                                        m_executor, m_pool);
            m_port = m_front->listen(QHostAddress(QHostAddress::LocalHost), 0, "127.0.0.1:0", tls).value();
        });
    }
    ~FrontFixture() {
        end();
        m_thread.quit();
        m_thread.wait();
    }

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] RestClient client() const { return RestClient(m_port); }
    void onRestThread(const std::function<void()>& task) { m_executor.runAndWait(task); }

    // Ends as the server does: waits for answers for `drainTime`.
    std::future<void> endSoon(std::chrono::milliseconds drainTime) {
        const auto drained = std::make_shared<std::promise<void>>();
        onRestThread([&] { m_front->endSoon(drainTime, [drained] { drained->set_value(); }); });
        return drained->get_future();
    }
    // Takes the front away, whatever it is doing.
    void end() {
        onRestThread([&] { m_front.reset(); });
    }

private:
    rest::Router m_router;
    QThreadPool m_pool;
    QThread m_thread;
    QtExecutor m_executor;
    std::unique_ptr<rest::HttpFront> m_front;
    quint16 m_port = 0;
};

} // namespace mm::test
