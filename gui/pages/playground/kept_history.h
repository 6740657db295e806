// What was asked before, with what came of it, kept for the next start of the console: the newest few, and of those the
// answers that are small. The two halves that turn one into bytes and back are pure.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;

struct Asked {
    v1::InferenceRequest request;
    Result<v1::InferenceResponse> answer;
    QString line; // in the list: when, which model, how long it took
};

inline constexpr std::size_t kMostKept = 30;
inline constexpr int kLargestKept = 64 * 1024; // bytes of a request, or of an answer

// Empty where the request is too large to be kept; an answer that is, is replaced by saying so.
QByteArray keptBytes(const Asked& asked);
// Unset where the bytes are none of those.
std::optional<Asked> askedFrom(const QByteArray& bytes);

// The oldest first. GUI thread.
std::vector<Asked> readHistory();
void writeHistory(const std::vector<Asked>& asked);

} // namespace mm::gui
