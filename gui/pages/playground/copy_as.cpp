#include "gui/pages/playground/copy_as.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <google/protobuf/util/json_util.h>

namespace mm::gui {
namespace {

constexpr const char* kKey = "MODELMORA_KEY";

QString json(const google::protobuf::Message& message, bool isIndented) {
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = isIndented;
    options.preserve_proto_field_names = true;
    std::string text;
    if (const auto status = google::protobuf::util::MessageToJsonString(message, &text, options); !status.ok())
        return QString::fromStdString(status.ToString());
    return QString::fromStdString(text);
}

QString quoted(QString text) {
    text.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QString(QLatin1Char('\'') % text % QLatin1Char('\''));
}

// A JSON value as Python writes it.
QString literal(const QJsonValue& value) {
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? QStringLiteral("True") : QStringLiteral("False");
    case QJsonValue::Array: {
        QStringList parts;
        for (const QJsonValue& each : value.toArray())
            parts << literal(each);
        return QString(QLatin1Char('[') % parts.join(QStringLiteral(", ")) % QLatin1Char(']'));
    }
    case QJsonValue::Object: {
        QStringList parts;
        const QJsonObject object = value.toObject();
        for (auto each = object.begin(); each != object.end(); ++each)
            parts << QString(literal(each.key()) % QStringLiteral(": ") % literal(each.value()));
        return QString(QLatin1Char('{') % parts.join(QStringLiteral(", ")) % QLatin1Char('}'));
    }
    case QJsonValue::Double:
    case QJsonValue::String: { // as in JSON
        const QString text = QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
        return text.mid(1, text.size() - 2);
    }
    default:
        return QStringLiteral("None");
    }
}

template <typename Strings>
QJsonArray arrayOf(const Strings& strings) {
    QJsonArray array;
    for (const std::string& each : strings)
        array.append(QString::fromStdString(each));
    return array;
}

QJsonObject inputOf(const modelmora::v1::InputData& input) {
    QJsonObject body;
    if (input.has_text())
        body[QStringLiteral("text")] = QString::fromStdString(input.text());
    else if (input.has_text_batch())
        body[QStringLiteral("text")] = arrayOf(input.text_batch().texts());
    else if (input.has_query_documents()) {
        body[QStringLiteral("query")] = QString::fromStdString(input.query_documents().query());
        body[QStringLiteral("documents")] = arrayOf(input.query_documents().documents());
    } else if (input.has_text_pairs()) {
        QJsonArray pairs;
        for (const auto& pair : input.text_pairs().pairs())
            pairs.append(QJsonArray{QString::fromStdString(pair.first()), QString::fromStdString(pair.second())});
        body[QStringLiteral("text_pairs")] = pairs;
    } else
        return QJsonDocument::fromJson(json(input, false).toUtf8()).object();
    return body;
}

QString url(const modelmora::v1::InferenceRequest& request, const Addresses& at) {
    const QByteArray model = QUrl::toPercentEncoding(QString::fromStdString(request.model_id()), "/@");
    return QStringLiteral("http://%1/api/v1/infer/%2").arg(QString::fromStdString(at.rest), QString::fromLatin1(model));
}

} // namespace

QString jsonOf(const google::protobuf::Message& message) {
    return json(message, true);
}

std::string reachable(const std::string& listens, const std::string& known) {
    const auto port = listens.rfind(':');
    const std::string host = listens.substr(0, port);
    if (port == std::string::npos || (host != "0.0.0.0" && host != "[::]" && host != "*"))
        return listens;
    const auto end = known.rfind(':');
    return (end == std::string::npos || end == 0 ? "127.0.0.1" : known.substr(0, end)) + listens.substr(port);
}

QJsonObject restBodyOf(const modelmora::v1::InferenceRequest& request) {
    QJsonObject body{{QStringLiteral("input_data"), inputOf(request.input_data())}};
    if (request.has_parameters() && !request.parameters().fields().empty())
        body[QStringLiteral("parameters")] =
            QJsonDocument::fromJson(json(request.parameters(), false).toUtf8()).object();
    return body;
}

QString curlOf(const modelmora::v1::InferenceRequest& request, const Addresses& at) {
    const QString body = QString::fromUtf8(QJsonDocument(restBodyOf(request)).toJson(QJsonDocument::Compact));
    QString key;
    if (at.needsKey)
        key = QStringLiteral(" \\\n  -H \"Authorization: Bearer $%1\"").arg(QLatin1String(kKey));
    return QString(QStringLiteral("curl -sS ") % quoted(url(request, at)) %
                   QStringLiteral(" \\\n  -H 'Content-Type: application/json'") % key % QStringLiteral(" \\\n  -d ") %
                   quoted(body));
}

QString pythonOf(const modelmora::v1::InferenceRequest& request, const Addresses& at) {
    const QJsonObject body = restBodyOf(request);
    QString parameters;
    if (body.contains(QStringLiteral("parameters")))
        parameters = QString(QStringLiteral(",\n        ") % literal(body[QStringLiteral("parameters")]));
    return QString(QStringLiteral("from modelmora_client import ModelMoraClient\n\nwith ModelMoraClient(") %
                   literal(QStringLiteral("http://%1").arg(QString::fromStdString(at.rest))) %
                   QStringLiteral(") as client:\n    answer = client.inference.infer(\n        ") %
                   literal(QString::fromStdString(request.model_id())) % QStringLiteral(",\n        ") %
                   literal(body[QStringLiteral("input_data")]) % parameters % QStringLiteral(")\n    print(answer)\n"));
}

QString grpcurlOf(const modelmora::v1::InferenceRequest& request, const Addresses& at) {
    QString key;
    if (at.needsKey)
        key = QStringLiteral(" -H \"authorization: Bearer $%1\"").arg(QLatin1String(kKey));
    return QString(QStringLiteral("grpcurl -plaintext") % key % QStringLiteral(" -d ") % quoted(json(request, false)) %
                   QStringLiteral(" \\\n  ") % QString::fromStdString(at.grpc) %
                   QStringLiteral(" modelmora.v1.InferenceService/Infer"));
}

} // namespace mm::gui
