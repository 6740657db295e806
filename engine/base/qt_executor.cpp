#include "engine/base/qt_executor.h"

#include <QMetaObject>
#include <QThread>

namespace mm {

void QtExecutor::post(std::function<void()> task) {
    QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection);
}

bool QtExecutor::isCurrent() const {
    return QThread::currentThread() == thread();
}

} // namespace mm
