// What differs in QHttpServer from Qt 6.4 to 6.8, in one place. REST thread only.
#pragma once

#include "engine/rest/answer.h"

#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QTcpServer>

#include <memory>

namespace mm::rest::http_compat {

using Responder = std::unique_ptr<QHttpServerResponder>;

inline QByteArray toBytes(std::string_view text) {
    return {text.data(), static_cast<qsizetype>(text.size())};
}
// Shares the memory: for calls that do not keep it.
inline QByteArray viewOf(std::string_view text) {
    return QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()));
}

inline Responder keep(QHttpServerResponder& responder) {
    return std::make_unique<QHttpServerResponder>(std::move(responder));
}

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

inline void write(QHttpServerResponder& responder, const Answer& answer) {
    QHttpHeaders headers;
    for (const auto& [name, value] : answer.headers)
        headers.append(viewOf(name), viewOf(value));
    if (answer.status != 204)
        headers.append("Content-Type", viewOf(answer.contentType));
    responder.write(toBytes(answer.body), headers, QHttpServerResponder::StatusCode(answer.status));
}

template <typename Handle>
void handleAll(QHttpServer& server, Handle handle) {
    server.setMissingHandler(&server, [handle](const QHttpServerRequest& request, QHttpServerResponder& responder) {
        handle(request, responder);
    });
}

inline bool attach(QHttpServer& server, QTcpServer* listener) {
    return server.bind(listener);
}

#else

inline void write(QHttpServerResponder& responder, const Answer& answer) {
    responder.writeStatusLine(QHttpServerResponder::StatusCode(answer.status));
    for (const auto& [name, value] : answer.headers)
        responder.writeHeader(viewOf(name), viewOf(value));
    if (answer.status == 204)
        return responder.writeBody(QByteArray());
    responder.writeHeader("Content-Type", viewOf(answer.contentType));
    responder.writeHeader("Content-Length", QByteArray::number(static_cast<qulonglong>(answer.body.size())));
    responder.writeBody(viewOf(answer.body));
}

template <typename Handle>
void handleAll(QHttpServer& server, Handle handle) {
    server.setMissingHandler(
        [handle](const QHttpServerRequest& request, QHttpServerResponder&& responder) { handle(request, responder); });
}

inline bool attach(QHttpServer& server, QTcpServer* listener) {
    server.bind(listener);
    return listener->isListening();
}

#endif

} // namespace mm::rest::http_compat
