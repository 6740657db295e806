#include "engine/rest/rest_server.h"

#include "engine/base/log.h"
#include "engine/base/qt_executor.h"
#include "engine/rest/all_routes.h"
#include "engine/rest/http_front.h"

#include <QThread>
#include <QThreadPool>

#include <future>

namespace mm::rest {
namespace {

struct ListenAddress {
    QHostAddress host;
    std::uint16_t port = 0;
};

Result<ListenAddress> parseListen(const std::string& text) {
    const Error bad{ErrorCode::InvalidConfiguration,
                    "\"" + text +
                        "\" is not an address to listen on. Write HOST:PORT, such as 127.0.0.1:8000, [::1]:8000 "
                        "or 0.0.0.0:8000 for every network; port 0 takes a free one.",
                    {{"address", text}}};
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return bad;
    QString host = QString::fromStdString(text.substr(0, colon));
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.sliced(1, host.size() - 2);
    bool isNumber = false;
    const uint port = QString::fromStdString(text.substr(colon + 1)).toUInt(&isNumber);
    ListenAddress address{QHostAddress(host), static_cast<std::uint16_t>(port)};
    if (host == QLatin1String("localhost"))
        address.host = QHostAddress::LocalHost;
    else if (host == QLatin1String("*"))
        address.host = QHostAddress::Any;
    if (!isNumber || port > 65535 || address.host.isNull())
        return bad;
    return address;
}

} // namespace

// One thread for now; more of them would each have a front of its own over a shared port.
struct RestServer::Running {
    Router router;
    QThreadPool pool;
    QThread thread;
    QtExecutor executor; // stands for `thread` while that runs
    std::unique_ptr<HttpFront> front;

    ~Running() {
        executor.runAndWait([this] {
            front.reset();
            executor.moveToThread(nullptr);
        });
        pool.clear();
        pool.waitForDone();
        thread.quit();
        thread.wait();
    }
};

RestServer::RestServer(service::Services services, RestOptions options)
    : m_services(services), m_options(std::move(options)) {}

RestServer::~RestServer() {
    stop();
}

Result<std::uint16_t> RestServer::start() {
    if (m_running)
        return Error{ErrorCode::InternalError, "The REST server has been started already."};
    MM_TRY(const ListenAddress address, parseListen(m_options.listen));
    auto running = std::make_unique<Running>();
    registerAllRoutes(running->router, m_services);
    running->pool.setMaxThreadCount(m_options.poolThreads);
    running->thread.setObjectName(QStringLiteral("rest"));
    running->executor.moveToThread(&running->thread);
    running->thread.start();
    Result<std::uint16_t> port = Error{};
    running->executor.runAndWait([&] {
        running->front = std::make_unique<HttpFront>(running->router, m_options.limits, m_options.contract,
                                                     running->executor, running->pool, m_services.gate);
        running->front->watchAnswers([&service = m_services.observability](auto method, auto route, int status) {
            const std::string code = std::to_string(status);
            service.answered({"rest", method.empty() ? "none" : method, route.empty() ? "none" : route, code});
        });
        port = running->front->listen(address.host, address.port, m_options.listen, m_options.tls);
    });
    if (port)
        m_running = std::move(running);
    return port;
}

void RestServer::beginStop(std::chrono::milliseconds drainTime, std::function<void()> drained) {
    if (!m_running)
        return drained();
    m_running->executor.post([running = m_running.get(), drainTime, drained = std::move(drained)] {
        running->front->endSoon(drainTime, drained);
    });
}

void RestServer::stop() {
    if (!m_running)
        return;
    const auto drained = std::make_shared<std::promise<void>>();
    beginStop(m_options.drainTime, [drained] { drained->set_value(); });
    drained->get_future().wait();
    m_running.reset();
}

} // namespace mm::rest
