// What a TLS connection is set up with, made of the operator's files, and made anew when they have changed:
// certificates are renewed while an engine runs. REST thread only.
#pragma once

#include "engine/tls/tls_files.h"

#include <QSslConfiguration>

#include <array>
#include <filesystem>
#include <memory>

namespace mm::rest::guard {

class TlsContext {
public:
    // Fails as readTls() does, and where Qt's TLS cannot use what OpenSSL can.
    static Result<std::unique_ptr<TlsContext>> create(TlsFiles files);

    // For a connection that comes now. Files that have changed and are not good are logged, and the old ones stay.
    const QSslConfiguration& configuration(qint64 nowMs);

private:
    using Stamps = std::array<std::filesystem::file_time_type, 3>;

    explicit TlsContext(TlsFiles files) : m_files(std::move(files)) {}
    Result<void> read();
    [[nodiscard]] Stamps stamps() const;

    const TlsFiles m_files;
    Stamps m_stamps = {};
    qint64 m_lookedAt = 0;
    QSslConfiguration m_configuration;
};

} // namespace mm::rest::guard
