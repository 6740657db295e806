// The head of an HTTP/1.1 answer as text, and how its body is framed. Pure, any thread.
#pragma once

#include "engine/rest/answer.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mm::rest::guard {

// What of the request and its connection shapes the answer.
struct AnswerManner {
    bool headOnly = false;
    bool http10 = false;
    bool keepAlive = true;
};

enum class BodyFraming : std::uint8_t { None, Length, Chunked, UntilClose };

// How the body of a piecewise answer is framed: by its length where the head names one, in chunks, or by the end of the
// connection for HTTP/1.0. Answers without a body have none, whatever was asked for.
[[nodiscard]] BodyFraming pieceFraming(const Answer& head, const AnswerManner& manner);
// The length that the head names.
[[nodiscard]] std::optional<std::uint64_t> namedLength(const Answer& head);

// Up to and with the blank line. `length` is the body's; none leaves the framing to `framing`. What would end a header
// line early is replaced: a name or value from outside must not become a header of its own.
[[nodiscard]] std::string answerHead(const Answer& answer, const AnswerManner& manner, BodyFraming framing,
                                     std::optional<std::uint64_t> length);

} // namespace mm::rest::guard
