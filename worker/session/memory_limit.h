// The bound on this process's private memory, kept by the kernel: an allocation beyond it fails like one for which the
// system has no memory, and hurts nobody else. Pages of mapped files are not private and do not count.
// Compute thread, while it loads; explain() on any thread.
#pragma once

#include "engine/base/error.h"

#include <atomic>
#include <cstdint>

namespace mm::worker {

// While one lives, a thread that gets no memory raises the limit a little instead of failing: frames that are lost
// would leave their requests without an answer.
class EssentialWork {
public:
    EssentialWork();
    ~EssentialWork();
    EssentialWork(const EssentialWork&) = delete;
    EssentialWork& operator=(const EssentialWork&) = delete;
};

// Within it, work that may well fail.
class WorkThatMayFail {
public:
    WorkThatMayFail();
    ~WorkThatMayFail();
    WorkThatMayFail(const WorkThatMayFail&) = delete;
    WorkThatMayFail& operator=(const WorkThatMayFail&) = delete;

private:
    bool m_before;
};

class MemoryLimit {
public:
    // 0: none. Bounds loading, which maps more than it fills: the exact bound is checkLoaded()'s.
    void begin(std::int64_t bytes, int threads);
    // From here on nothing is added beyond the limit. Throws Failure(InsufficientMemory) where the loaded model already
    // holds more.
    void checkLoaded();
    // Adds to an InsufficientMemory how much was asked for, is held and is allowed.
    void explain(Error& error) const;

private:
    std::atomic<std::int64_t> m_bytes{0};
};

} // namespace mm::worker
