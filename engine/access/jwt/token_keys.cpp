#include "engine/access/jwt/token_keys.h"

#include "engine/base/log.h"
#include "engine/base/qt_executor.h"
#include "engine/files/strict_json.h"

#include <QFile>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QThread>
#include <QTimer>
#include <QUrl>

#include <nlohmann/json.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace mm::access {
namespace {

constexpr const char* kDiscovery = "/.well-known/openid-configuration";
constexpr int kDepth = 8;

using Fetched = std::function<void(Result<std::string>)>;

Error notFetched(const std::string& source, const std::string& why) {
    return {ErrorCode::ServiceUnavailable,
            "The keys of tokens cannot be fetched from " + source + ": " + why,
            {{"source", source}}};
}

bool isAddress(const std::string& text) {
    return text.find("://") != std::string::npos;
}

Result<std::string> readFile(const std::string& path) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return notFetched(path, file.errorString().toStdString() + ".");
    return file.read(kLargestJwks + 1).toStdString();
}

// The address of the keys in an issuer's discovery document.
Result<std::string> keysAddressOf(const std::string& text, const std::string& issuer) {
    const auto document = parseStrictJson(text, issuer + kDiscovery, kDepth);
    if (!document.ok() || !document->is_object())
        return notFetched(issuer + kDiscovery, "it is no JSON object.");
    const std::string named = document->value("issuer", nlohmann::json()).is_string()
                                  ? document->at("issuer").get<std::string>()
                                  : std::string();
    if (named != issuer)
        return notFetched(issuer + kDiscovery, "it speaks of another issuer than jwt-issuer; both must be written the "
                                               "same.");
    const nlohmann::json address = document->value("jwks_uri", nlohmann::json());
    if (!address.is_string() || !isKeyAddress(address.get<std::string>()))
        return notFetched(issuer + kDiscovery, "its jwks_uri is missing, or neither https nor on this machine.");
    return address.get<std::string>();
}

} // namespace

bool isKeyAddress(const std::string& text) {
    const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return false;
    if (url.scheme() == QLatin1String("https"))
        return true;
    const bool isHere = url.host() == QLatin1String("localhost") || QHostAddress(url.host()).isLoopback();
    return url.scheme() == QLatin1String("http") && isHere;
}

// All but the snapshot lives on its own thread.
struct TokenKeys::Desk {
    Desk(Options o, const Clock& c) : options(std::move(o)), clock(c) {
        thread.setObjectName(QStringLiteral("token-keys"));
        executor.moveToThread(&thread);
        thread.start();
    }
    ~Desk() {
        executor.runAndWait([this] {
            timer.reset();
            network.reset(); // ends what is under way
            executor.moveToThread(nullptr);
        });
        thread.quit();
        thread.wait();
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void begin() {
        network = std::make_unique<QNetworkAccessManager>();
        network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        timer = std::make_unique<QTimer>();
        QObject::connect(timer.get(), &QTimer::timeout, timer.get(), [this] { look(); });
        timer->start(options.every);
        look();
    }
    void look();
    void fetch(const std::string& address, const Fetched& fetched);
    void take(const Result<std::string>& text, const std::string& source);
    bool mayAskAgain();

    const Options options;
    const Clock& clock;
    mutable std::mutex mutex;
    std::shared_ptr<const TokenKeySnapshot> snapshot = std::make_shared<const TokenKeySnapshot>();
    std::optional<Instant> lastAsked; // with the mutex
    QThread thread;
    QtExecutor executor;
    std::unique_ptr<QNetworkAccessManager> network;
    std::unique_ptr<QTimer> timer;
    bool isBusy = false;
};

void TokenKeys::Desk::look() {
    if (std::exchange(isBusy, true))
        return;
    if (!options.keys.empty() && !isAddress(options.keys))
        return take(readFile(options.keys), options.keys);
    if (!options.keys.empty())
        return fetch(options.keys, [this](const Result<std::string>& text) { take(text, options.keys); });
    fetch(options.issuer + kDiscovery, [this](const Result<std::string>& document) {
        Result<std::string> address = document.ok() ? keysAddressOf(*document, options.issuer) : document;
        if (!address.ok())
            return take(address, options.issuer);
        fetch(*address, [this, source = *address](const Result<std::string>& text) { take(text, source); });
    });
}

void TokenKeys::Desk::fetch(const std::string& address, const Fetched& fetched) {
    QNetworkRequest request(QUrl(QString::fromStdString(address)));
    request.setRawHeader("Accept", "application/json");
    QNetworkReply* reply = network->get(request);
    const auto body = std::make_shared<QByteArray>();
    // Of the whole, however slowly it drips.
    QTimer::singleShot(options.patience, reply, [reply] { reply->abort(); });
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply, body] {
        body->append(reply->readAll());
        if (static_cast<std::size_t>(body->size()) > kLargestJwks)
            reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::finished, reply, [reply, body, fetched, address] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        body->append(reply->readAll());
        if (static_cast<std::size_t>(body->size()) > kLargestJwks)
            return fetched(notFetched(address, "the answer has more than " + std::to_string(kLargestJwks) + " bytes."));
        if (reply->error() == QNetworkReply::OperationCanceledError)
            return fetched(notFetched(address, "it did not answer in time."));
        if (reply->error() != QNetworkReply::NoError || status != 200)
            return fetched(notFetched(address, status == 0 ? reply->errorString().toStdString() + "."
                                                           : "it answered " + std::to_string(status) + "."));
        fetched(body->toStdString());
    });
}

void TokenKeys::Desk::take(const Result<std::string>& text, const std::string& source) {
    isBusy = false;
    Result<JwkSet> keys = text.ok() ? readJwks(*text, source) : Result<JwkSet>(text.error());
    const std::lock_guard lock(mutex);
    auto next = std::make_shared<TokenKeySnapshot>(*snapshot);
    next->isFetching = false;
    if (keys.ok()) {
        next->keys = std::move(*keys);
        ++next->version;
        if (!next->failure.empty() || next->version == 1)
            log::info("keys of tokens", {{"source", source}, {"keys", next->keys.size()}});
        next->failure.clear();
    } else {
        if (next->failure != keys.error().message)
            log::write(log::Level::Warning,
                       next->keys.empty() ? "no keys of tokens" : "keys of tokens not renewed; the old ones are kept",
                       keys.error());
        next->failure = keys.error().message;
    }
    lastAsked = clock.now();
    snapshot = std::move(next);
}

// Who sends tokens with made-up key ids cannot make us ask more often than so.
bool TokenKeys::Desk::mayAskAgain() {
    const std::lock_guard lock(mutex);
    if (snapshot->isFetching)
        return false;
    if (lastAsked && clock.now() - *lastAsked < options.pause)
        return false;
    auto next = std::make_shared<TokenKeySnapshot>(*snapshot);
    next->isFetching = true;
    snapshot = std::move(next);
    return true;
}

TokenKeys::TokenKeys() = default;
TokenKeys::~TokenKeys() = default;

Result<std::unique_ptr<TokenKeys>> TokenKeys::open(Options options, const Clock& clock) {
    const std::string& source = options.keys.empty() ? options.issuer : options.keys;
    if ((options.keys.empty() || isAddress(options.keys)) && !isKeyAddress(source))
        return Error{ErrorCode::InvalidConfiguration,
                     "'" + source +
                         "' cannot be asked for keys: " + (options.keys.empty() ? "jwt-issuer" : "jwt-keys") +
                         " wants an https address, or http on this machine" +
                         (options.keys.empty() ? "; or name the keys by jwt-keys." : "."),
                     {{"source", source}}};
    std::unique_ptr<TokenKeys> keys(new TokenKeys);
    keys->m_desk = std::make_unique<Desk>(std::move(options), clock);
    Desk& desk = *keys->m_desk;
    (void)desk.mayAskAgain();
    desk.executor.post([&desk] { desk.begin(); });
    return keys;
}

std::shared_ptr<const TokenKeySnapshot> TokenKeys::current() const {
    const std::lock_guard lock(m_desk->mutex);
    return m_desk->snapshot;
}

bool TokenKeys::refresh() {
    if (m_desk->mayAskAgain())
        m_desk->executor.post([desk = m_desk.get()] { desk->look(); });
    return current()->isFetching;
}

} // namespace mm::access
