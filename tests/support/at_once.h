// An executor that runs every task at once, where it is posted: what comes later elsewhere comes at once in a test.
#pragma once

#include "engine/base/executor.h"

#include <functional>

namespace mm::test {

class AtOnce final : public Executor {
public:
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] bool isCurrent() const override { return true; }
};

} // namespace mm::test
