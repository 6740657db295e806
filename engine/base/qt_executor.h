// An Executor over a Qt thread's event loop. Made on the thread it stands for, or moved there with moveToThread().
#pragma once

#include "engine/base/executor.h"

#include <QObject>

namespace mm {

class QtExecutor final : public QObject, public Executor {
public:
    explicit QtExecutor(QObject* parent = nullptr) : QObject(parent) {}
    void post(std::function<void()> task) override;
    [[nodiscard]] bool isCurrent() const override;
};

} // namespace mm
