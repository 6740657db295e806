// What the registry's tests share: folders that look like models, requests, and waiting for a reply. Main thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/reply.h"
#include "engine/registry/model_entry.h"
#include "modelmora/v1/registry.pb.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mm::registry::test {

class FixedClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return {}; }
    [[nodiscard]] WallTime wallNow() const override { return WallTime(std::chrono::seconds(1'760'000'000)); }
};

inline void write(const QString& file, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(file).path());
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(file));
}

inline QByteArray read(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

inline QByteArray hashOf(const QString& file) {
    return QCryptographicHash::hash(read(file), QCryptographicHash::Sha256).toHex();
}

inline std::filesystem::path path(const QString& text) {
    return std::filesystem::path(text.toStdString());
}

// A folder that passes for a sentence encoder.
inline QString makeModelFolder(const QString& folder, const QByteArray& weights = "weights") {
    write(folder + QStringLiteral("/config.json"), R"({"model_type": "bert", "hidden_size": 32})");
    write(folder + QStringLiteral("/tokenizer.json"), "{}");
    write(folder + QStringLiteral("/model.safetensors"), weights);
    write(folder + QStringLiteral("/1_Pooling/config.json"), "{}");
    return folder;
}

inline modelmora::v1::RegisterModelRequest request(const std::string& id, const std::string& version = "") {
    modelmora::v1::RegisterModelRequest made;
    made.set_model_id(id);
    made.set_version(version);
    made.set_task_type(modelmora::v1::TASK_TYPE_TXT2EMBED);
    return made;
}

inline ModelEntry entry(const std::string& id, const std::string& version) {
    ModelEntry made;
    made.modelId = id;
    made.version = version;
    made.task = modelmora::v1::TASK_TYPE_TXT2EMBED;
    made.displayName = "A model";
    return made;
}

// Starts something and runs the event loop until it has replied.
template <typename T>
Result<T> await(const std::function<void(Reply<T>)>& start) {
    std::optional<Result<T>> answer;
    QEventLoop loop;
    start([&](Result<T> given) {
        answer.emplace(std::move(given));
        loop.quit();
    });
    if (answer)
        qFatal("the reply came before the call had returned");
    loop.exec();
    return std::move(*answer);
}

} // namespace mm::registry::test
