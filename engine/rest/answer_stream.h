// An answer whose body is written in pieces, while it is made: large results, events. Shared; safe from any thread.
// Dropping the last reference without finish() ends the connection, so that the client can tell it from a whole answer.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace mm::rest {

class AnswerStream {
public:
    virtual ~AnswerStream() = default;

    // False once the client has gone: nothing that is written from now on reaches anybody.
    virtual bool write(std::string piece) = 0;
    // The whole answer is written.
    virtual void finish() = 0;
    // What was written and has not left yet. Whoever makes more of an answer stops above a bound of its own and goes on
    // when onRoom() tells.
    [[nodiscard]] virtual std::size_t unsentBytes() const = 0;
    // Calls `room` once on the REST thread when at most `bytes` are unsent, or the client has gone.
    virtual void onRoom(std::size_t bytes, std::function<void()> room) = 0;
};

} // namespace mm::rest
