#include "worker/session/guard.h"

#include "worker/runtime/failure.h"

#include <c10/util/Exception.h>

#include <new>

namespace mm::worker {
namespace {

Error outOfMemory(const std::string& what) {
    return {ErrorCode::InsufficientMemory,
            "the system has no memory left for this work; send fewer or shorter inputs, or free memory: " + what};
}

Error fromTorch(const c10::Error& problem, ErrorCode fallback) {
    const std::string what = problem.what_without_backtrace();
    // The CPU allocator has no exception type of its own.
    if (what.find("allocate memory") != std::string::npos || what.find("out of memory") != std::string::npos)
        return outOfMemory(what);
    return {fallback, "LibTorch: " + what};
}

} // namespace

std::optional<Error> failureOf(ErrorCode fallback, const std::function<void()>& work) {
    try {
        work();
        return std::nullopt;
    } catch (const Failure& failure) {
        return failure.error;
    } catch (const std::bad_alloc& problem) {
        return outOfMemory(problem.what());
    } catch (const c10::Error& problem) {
        return fromTorch(problem, fallback);
    } catch (const std::exception& problem) {
        return Error{fallback, problem.what()};
    } catch (...) {
        return Error{fallback, "an exception of an unknown kind"};
    }
}

} // namespace mm::worker
