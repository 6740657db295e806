// Numbers and times as the models page shows them. Bytes are counted in thousands, as in the engine's own sentences.
// Pure, any thread; in the language and the spelling of numbers of the user.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

namespace mm::gui::models {

// Where this page's free functions have their words translated.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(mm::gui::models)
};

inline QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

// Where there is nothing.
QString nothing();
// "5.15", of 10⁹ bytes
QString gigabytes(std::int64_t bytes);
// "3.43 GB", "210 MB", "640 kB"
QString bytesText(std::int64_t bytes);
// "1.9", "31", "1,412"
QString number(double value);
// "0.4 ms", "850 ms", "2.1 s", "3 min 20 s"
QString duration(double milliseconds);
// "now", "22 s", "4 min", "3 h", "2 d"
QString ago(std::int64_t seconds);
// "5:58", "1:00:02"
QString countdown(std::int64_t seconds);
// "1.36 B", "22.7 M"
QString parameters(std::int64_t count);
// Since 1970; 0 where it was never set.
std::int64_t secondsOf(const google::protobuf::Timestamp& time);
// The engine's id without its organisation: "org/repo" → "repo".
QString shortName(const std::string& modelId);

} // namespace mm::gui::models
