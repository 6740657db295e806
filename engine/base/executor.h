// Executor: "run this over there". The engine thread, the database thread and each face's thread are executors; state
// belongs to one of them and others post to it. post() is safe from any thread; tasks run in order, one at a time.
#pragma once

#include <functional>

namespace mm {

class Executor {
public:
    virtual ~Executor() = default;
    // Returns at once, also when called on the executor's own thread.
    virtual void post(std::function<void()> task) = 0;
    [[nodiscard]] virtual bool isCurrent() const = 0;
};

} // namespace mm

#define MM_ASSERT_THREAD(executor) assert((executor).isCurrent())
