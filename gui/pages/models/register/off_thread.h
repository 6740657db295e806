// Work that may block, done beside the GUI thread; its outcome comes back to it where `receiver` is still there.
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace mm::gui::models {

template <typename Work, typename Then>
void offThread(QObject* receiver, Work work, Then then) {
    QThreadPool::globalInstance()->start([guard = QPointer(receiver), work = std::move(work), then = std::move(then)] {
        auto outcome = work();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [guard, then, outcome = std::move(outcome)] {
                if (guard)
                    then(outcome);
            },
            Qt::QueuedConnection);
    });
}

} // namespace mm::gui::models
