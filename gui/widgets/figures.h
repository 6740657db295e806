// Numbers as the console writes them: never more digits than mean something, with their unit. Pure.
#pragma once

#include <QString>

namespace mm::gui {

// Where nothing is known.
inline const QString kNothing = QStringLiteral("–");

// "5.12 GB", "421 MB", "4.2 MB", "0 MB"; powers of ten, as the engine counts.
QString bytesText(std::int64_t bytes);
// In gigabytes and without the unit: "16.9".
QString gigabytesText(std::int64_t bytes);
// "3 ms", "0.9 s", "42 s", "4 min", "2.5 h", "3 d"
QString durationText(double milliseconds);
// "now", "22 s ago", "4 min ago"
QString agoText(double milliseconds);
// With as many decimals as three digits leave: "0.42", "7.1", "118".
QString numberText(double value);
// "MiniLM-L6-v2" of "org/MiniLM-L6-v2@1".
QString shortName(const std::string& modelId);

} // namespace mm::gui
