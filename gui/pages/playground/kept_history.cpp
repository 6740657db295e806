#include "gui/pages/playground/kept_history.h"

#include <QCoreApplication>
#include <QDataStream>
#include <QIODevice>
#include <QSettings>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr quint32 kForm = 1; // of the bytes; others are not read
const QString kPlace = QStringLiteral("playground/history");

QByteArray bytesOf(const google::protobuf::MessageLite& message) {
    return QByteArray::fromStdString(message.SerializeAsString());
}

bool parse(const QByteArray& bytes, google::protobuf::MessageLite& message) {
    return message.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size()));
}

} // namespace

QByteArray keptBytes(const Asked& asked) {
    const QByteArray request = bytesOf(asked.request);
    if (request.size() > kLargestKept)
        return {};
    QByteArray answer = asked.answer.ok() ? bytesOf(*asked.answer) : QByteArray();
    QString refusal = asked.answer.ok() ? QString() : QString::fromStdString(asked.answer.error().message);
    if (answer.size() > kLargestKept) {
        answer.clear();
        refusal = QCoreApplication::translate(
            "playground", "The answer was too large to be kept over the end of the console. Run it again to see it.");
    }
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_0);
    out << kForm << asked.line << request << answer << refusal;
    return bytes;
}

std::optional<Asked> askedFrom(const QByteArray& bytes) {
    QDataStream in(bytes);
    in.setVersion(QDataStream::Qt_6_0);
    quint32 form = 0;
    QString line;
    QByteArray request;
    QByteArray answer;
    QString refusal;
    in >> form >> line >> request >> answer >> refusal;
    if (in.status() != QDataStream::Ok || form != kForm)
        return std::nullopt;
    v1::InferenceRequest asked;
    v1::InferenceResponse answered;
    if (!parse(request, asked) || !parse(answer, answered))
        return std::nullopt;
    if (!refusal.isEmpty())
        return Asked{asked, Error{ErrorCode::InternalError, refusal.toStdString()}, line};
    return Asked{asked, answered, line};
}

std::vector<Asked> readHistory() {
    std::vector<Asked> all;
    const QVariantList kept = QSettings().value(kPlace).toList();
    for (const QVariant& each : kept)
        if (auto asked = askedFrom(each.toByteArray()))
            all.push_back(std::move(*asked));
    return all;
}

void writeHistory(const std::vector<Asked>& asked) {
    QVariantList kept;
    const std::size_t first = asked.size() - std::min(asked.size(), kMostKept);
    for (std::size_t i = first; i < asked.size(); ++i)
        if (const QByteArray bytes = keptBytes(asked[i]); !bytes.isEmpty())
            kept.append(bytes);
    QSettings().setValue(kPlace, kept);
}

} // namespace mm::gui
