// Numbers as the console writes them: never more digits than mean something, with their unit. Pure. Times: time_text.h.
#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace mm::gui {

// Where nothing is known.
inline const QString kNothing = QStringLiteral("–");

// "5.12 GB", "421 MB", "4.2 MB", "640 kB", "0 B"; powers of ten, as the engine counts.
QString bytesText(std::int64_t bytes);
// In gigabytes and without the unit: "16.9".
QString gigabytesText(std::int64_t bytes);
// With as many decimals as three digits leave: "0.42", "7.1", "118", "1,412".
QString numberText(double value);
// "1.36 B", "22.7 M": of a model's parameters.
QString parametersText(std::int64_t count);
// "MiniLM-L6-v2" of "org/MiniLM-L6-v2@1".
QString shortName(const std::string& modelId);

} // namespace mm::gui
