// An engine that the console can be connected to: where it is and how it is spoken to. Plain values, pure functions.
#pragma once

#include "engine/base/result.h"

#include <QString>

#include <filesystem>
#include <optional>
#include <string>

namespace mm::gui {

struct KnownEngine {
    QString name;    // as people call it; its address where nobody has named it
    QString address; // host:port of gRPC
    // TLS: files, or "system" for whom the system believes; empty: none is spoken.
    QString ca = {};
    QString certificate = {};
    QString certificateKey = {};

    bool operator==(const KnownEngine&) const = default;
};

// host:port of "host:port", "grpc://host:port" or "host", which gets the usual port. Fails with a sentence for people.
Result<QString> engineAddress(const QString& text);

// The engine that has announced itself in that data folder and whose process is there.
struct LocalEngine {
    KnownEngine engine;
    std::int64_t pid = 0;
};
std::optional<LocalEngine> findLocalEngine(const std::filesystem::path& dataFolder);

} // namespace mm::gui
