#include "engine/inference/jobs/piece_verdict.h"

#include <algorithm>

namespace mm::inference {
namespace {

using Next = PieceVerdict::Next;

enum class Kind { Death, Busy, Refusal, Cancelled, Final };

Kind kindOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::WorkerCrashed:
    case ErrorCode::WorkerMisbehaved:
        return Kind::Death;
    // Others are served first; this is waited out however long it takes.
    case ErrorCode::QueueFull:
    case ErrorCode::RateLimitExceeded:
    case ErrorCode::ServiceUnavailable:
    // The answer is there, only not yet on the disk.
    case ErrorCode::StorageFull:
        return Kind::Busy;
    case ErrorCode::InsufficientMemory:
    case ErrorCode::ProcessSpawnFailed:
    // A worker killed while it loaded, for one; what lasts has a code of its own (damaged files, an unknown model).
    case ErrorCode::ModelLoadFailed:
    case ErrorCode::UnhealthyModel:
    case ErrorCode::ModelInUse:
    case ErrorCode::ModelNotLoaded:
        return Kind::Refusal;
    case ErrorCode::RequestCancelled:
        return Kind::Cancelled;
    default:
        return Kind::Final;
    }
}

std::chrono::milliseconds pauseAfter(int failures, const JobSettings& settings) {
    auto pause = settings.firstPause;
    for (int i = 0; i < failures && pause < settings.longestPause; ++i)
        pause *= 2;
    return std::min(pause, settings.longestPause);
}

} // namespace

PieceVerdict judge(const Error& error, const PieceHistory& history, const JobSettings& settings) {
    switch (kindOf(error.code)) {
    case Kind::Death:
        if (givenUp(history.starts, settings))
            return {Next::Fail, true, {}};
        return {Next::Again, true, pauseAfter(history.starts - 1, settings)};
    case Kind::Busy:
        return {Next::Again, false, pauseAfter(history.refusals, settings)};
    case Kind::Refusal:
        if (history.refusals >= settings.maxRefusals)
            return {Next::Fail, false, {}};
        return {Next::Again, false, pauseAfter(history.refusals, settings)};
    case Kind::Cancelled:
        return {Next::Cancel, false, {}};
    case Kind::Final:
        break;
    }
    return {Next::Fail, false, {}};
}

bool givenUp(int starts, const JobSettings& settings) {
    return starts >= settings.maxStarts;
}

Error gaveUp(int starts, const std::string& last) {
    return {ErrorCode::WorkerCrashed,
            "The same piece was started " + std::to_string(starts) +
                " times, and each time the worker or the engine ended before it was done; it is not tried again. " +
                last,
            {{"starts", std::int64_t{starts}}}};
}

} // namespace mm::inference
