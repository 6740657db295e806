#include "engine/rest/guard/tls_context.h"

#include "engine/base/log.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace mm::rest::guard {
namespace {

constexpr qint64 kLookEveryMs = 1000;

QByteArray bytesOf(const std::string& text) {
    return QByteArray::fromStdString(text);
}

QSslKey keyOf(const std::string& pem) {
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        QSslKey key(bytesOf(pem), algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::create(TlsFiles files) {
    if (!QSslSocket::supportsSsl())
        return Error{ErrorCode::InvalidConfiguration,
                     "TLS is asked for, and Qt on this machine has none: install its TLS plugin for OpenSSL."};
    std::unique_ptr<TlsContext> context(new TlsContext(std::move(files)));
    context->m_stamps = context->stamps();
    MM_CHECK(context->read());
    return context;
}

Result<void> TlsContext::read() {
    MM_TRY(const TlsTexts texts, readTls(m_files));
    const QSslKey key = keyOf(texts.key);
    if (key.isNull())
        return Error{ErrorCode::InvalidConfiguration,
                     "tls-key: " + m_files.key.string() + " is of a kind that REST cannot use. Use an RSA or EC key.",
                     {{"file", m_files.key.string()}}};
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setLocalCertificateChain(QSslCertificate::fromData(bytesOf(texts.certificates), QSsl::Pem));
    configuration.setPrivateKey(key);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    const bool needsClients = !texts.clientCa.empty();
    configuration.setPeerVerifyMode(needsClients ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    configuration.setCaCertificates(QSslCertificate::fromData(bytesOf(texts.clientCa), QSsl::Pem));
    // The client is told why in an alert, instead of finding the connection gone.
    configuration.setMissingCertificateIsFatal(needsClients);
    configuration.setHandshakeMustInterruptOnError(needsClients);
    m_configuration = configuration;
    return {};
}

TlsContext::Stamps TlsContext::stamps() const {
    const auto stampOf = [](const std::filesystem::path& file) {
        std::error_code missing;
        const auto time = std::filesystem::last_write_time(file, missing);
        return missing ? std::filesystem::file_time_type() : time;
    };
    return {stampOf(m_files.certificate), stampOf(m_files.key), stampOf(m_files.clientCa)};
}

const QSslConfiguration& TlsContext::configuration(qint64 nowMs) {
    if (nowMs < m_lookedAt + kLookEveryMs)
        return m_configuration;
    m_lookedAt = nowMs;
    const Stamps found = stamps();
    if (found == m_stamps)
        return m_configuration;
    if (const Result<void> renewed = read(); !renewed)
        // Half of a renewal, perhaps: it is tried again until the files fit together.
        log::write(log::Level::Warning, "changed files of TLS are not used", renewed.error());
    else {
        m_stamps = found;
        log::info("files of TLS read again", {{"certificate", m_files.certificate.string()}});
    }
    return m_configuration;
}

} // namespace mm::rest::guard
