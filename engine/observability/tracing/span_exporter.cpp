#include "engine/observability/tracing/span_exporter.h"

#include "engine/base/log.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace mm::observability {
namespace {

constexpr qint64 kLongestAnswer = 64L * 1024;

QNetworkRequest requestTo(const ExporterOptions& options) {
    QNetworkRequest request(QUrl(QString::fromStdString(options.endpoint), QUrl::StrictMode));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/x-protobuf"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("modelmora/" MM_VERSION));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setTransferTimeout(static_cast<int>(options.timeout.count()));
    return request;
}

// What the protocol says may be sent again; no status is a collector that is not there.
bool mayTryAgain(int status) {
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace

// On the exporter's thread, but for its making.
class SpanExporter::Sender {
public:
    explicit Sender(SpanExporter& owner) : m_owner(owner) {
        m_network.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { sendSome(); });
        m_timer.start(m_owner.m_options.every);
    }

    // What waits, once more, and not for longer than the patience lasts.
    void finish() {
        m_timer.stop();
        m_isFinishing = true;
        QElapsedTimer since;
        since.start();
        const auto left = [&] { return m_owner.m_options.patience.count() - since.elapsed(); };
        while (left() > 0 && (m_underWay || !m_body.isEmpty() || m_owner.counts().waiting > 0)) {
            sendSome();
            QEventLoop loop;
            m_whenAnswered = [&loop] { loop.quit(); };
            QTimer::singleShot(std::chrono::milliseconds(std::max<qint64>(1, left())), &loop, &QEventLoop::quit);
            loop.exec();
            m_whenAnswered = {};
            if (m_attempts > 0)
                break; // it failed: nobody waits for another try
        }
    }

    void sendSome() {
        if (m_underWay || (m_pause.isValid() && !m_isFinishing && !m_pause.hasExpired(m_pauseMs)))
            return;
        if (m_body.isEmpty() && !take())
            return;
        m_underWay = true;
        QNetworkReply* reply = m_network.post(requestTo(m_owner.m_options), m_body);
        QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply] {
            if (reply->bytesAvailable() > kLongestAnswer)
                reply->abort(); // no collector says as much
        });
        QObject::connect(reply, &QNetworkReply::finished, &m_timer, [this, reply] {
            reply->deleteLater();
            m_underWay = false;
            onAnswer(*reply);
            if (m_whenAnswered)
                m_whenAnswered();
        });
    }

private:
    bool take() {
        std::vector<EndedTrace> some;
        {
            const std::lock_guard lock(m_owner.m_mutex);
            auto& waiting = m_owner.m_waiting;
            const auto count = static_cast<std::ptrdiff_t>(std::min(waiting.size(), m_owner.m_options.mostAtOnce));
            std::move(waiting.begin(), waiting.begin() + count, std::back_inserter(some));
            waiting.erase(waiting.begin(), waiting.begin() + count);
        }
        if (some.empty())
            return false;
        const auto message = toExport(some, m_owner.m_options.resource);
        const std::string bytes = message.SerializeAsString();
        m_body = QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
        m_spans = static_cast<std::uint64_t>(spansIn(message));
        return true;
    }

    void onAnswer(QNetworkReply& reply) {
        const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status / 100 == 2)
            return onTaken(reply.readAll());
        const std::string reason =
            status == 0 ? reply.errorString().left(200).toStdString() : "HTTP status " + std::to_string(status);
        if (mayTryAgain(status) && ++m_attempts < m_owner.m_options.attempts) {
            if (m_attempts == 1)
                log::warning("spans are not taken and are sent again", {{"reason", reason}});
            m_pauseMs = m_owner.m_options.firstPause.count() << (m_attempts - 1);
            m_pause.start();
            return;
        }
        log::warning("spans were not taken and are given up", {{"reason", reason}, {"spans", m_spans}});
        count(mayTryAgain(status) ? &SpanCounts::droppedFailed : &SpanCounts::droppedRefused, m_spans);
        // While it is not there, one try for each batch is enough.
        m_attempts = mayTryAgain(status) ? m_owner.m_options.attempts - 1 : 0;
        m_pause.start();
        m_body.clear();
    }

    void onTaken(const QByteArray& answer) {
        modelmora::otlp::ExportTraceServiceResponse response;
        std::uint64_t rejected = 0;
        if (response.ParseFromArray(answer.constData(), static_cast<int>(answer.size())))
            rejected = std::min(m_spans, static_cast<std::uint64_t>(
                                             std::max<std::int64_t>(0, response.partial_success().rejected_spans())));
        if (rejected > 0)
            log::warning("some spans were refused",
                         {{"reason", response.partial_success().error_message()}, {"spans", rejected}});
        count(&SpanCounts::exported, m_spans - rejected);
        count(&SpanCounts::droppedRefused, rejected);
        m_attempts = 0;
        m_pause.invalidate();
        m_body.clear();
        const bool more = m_owner.counts().waiting >= m_owner.m_options.mostAtOnce;
        if (more && !m_isFinishing)
            sendSome();
    }

    void count(std::uint64_t SpanCounts::*where, std::uint64_t spans) {
        const std::lock_guard lock(m_owner.m_mutex);
        m_owner.m_counts.*where += spans;
    }

    SpanExporter& m_owner;
    QNetworkAccessManager m_network;
    QTimer m_timer;
    QByteArray m_body; // what is sent, until it is taken or given up
    std::uint64_t m_spans = 0;
    int m_attempts = 0;
    QElapsedTimer m_pause;
    qint64 m_pauseMs = 0;
    bool m_underWay = false;
    bool m_isFinishing = false;
    std::function<void()> m_whenAnswered;
};

SpanExporter::SpanExporter(ExporterOptions options)
    : m_options(std::move(options)), m_executor(std::make_unique<QtExecutor>()) {
    m_thread.setObjectName(QStringLiteral("span-exporter"));
    m_executor->moveToThread(&m_thread);
    m_thread.start();
    m_executor->runAndWait([this] { m_sender = std::make_unique<Sender>(*this); });
}

SpanExporter::~SpanExporter() {
    m_executor->runAndWait([this] {
        m_sender->finish();
        m_sender.reset();
    });
    m_thread.quit();
    m_thread.wait();
}

void SpanExporter::add(EndedTrace ended) {
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() >= m_options.mostWaiting)
        m_counts.droppedQueueFull += spansOf(ended);
    else
        m_waiting.push_back(std::move(ended));
}

SpanCounts SpanExporter::counts() const {
    const std::lock_guard lock(m_mutex);
    SpanCounts counts = m_counts;
    counts.waiting = m_waiting.size();
    return counts;
}

} // namespace mm::observability
