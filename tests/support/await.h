// Runs the event loop until something has happened. The bound is only there to end a broken test.
#pragma once

#include "engine/base/reply.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>

#include <functional>
#include <optional>

namespace mm::test {

inline constexpr int kBrokenAfterMs = 60'000;

inline bool awaitUntil(const std::function<bool()>& condition) {
    const QDeadlineTimer deadline(kBrokenAfterMs);
    while (!condition() && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    return condition();
}

// The answer of a call that takes a Reply<T> as its last argument.
template <typename T>
Result<T> await(const std::function<void(Reply<T>)>& call) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    call([answer](Result<T> result) { answer->emplace(std::move(result)); });
    if (!awaitUntil([&] { return answer->has_value(); }))
        return Error{ErrorCode::InternalError, "no reply came"};
    return std::move(**answer);
}

} // namespace mm::test
