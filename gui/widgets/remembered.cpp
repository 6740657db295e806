#include "gui/widgets/remembered.h"

#include <QHeaderView>
#include <QSettings>
#include <QSplitter>
#include <QTimer>
#include <QWidget>

#include <chrono>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kSettled(400); // a column that is dragged changes with every pixel

QString keyOf(const char* kind, const QString& name) {
    return QStringLiteral("layout/%1/%2").arg(QLatin1String(kind), name);
}

// Calls `save` once whatever starts the timer has been quiet for a while.
template <typename Save>
QTimer* whenSettled(QObject* owner, Save save) {
    auto* timer = new QTimer(owner);
    timer->setSingleShot(true);
    timer->setInterval(kSettled);
    QObject::connect(timer, &QTimer::timeout, owner, save);
    return timer;
}

} // namespace

void rememberColumns(QHeaderView& header, const QString& name) {
    // The number of columns belongs to the name, so that a newer console with another column begins anew.
    const QString key = keyOf("columns", QStringLiteral("%1-%2").arg(name).arg(header.count()));
    header.restoreState(QSettings().value(key).toByteArray());
    QTimer* timer = whenSettled(&header, [&header, key] { QSettings().setValue(key, header.saveState()); });
    QObject::connect(&header, &QHeaderView::sectionResized, timer, qOverload<>(&QTimer::start));
    QObject::connect(&header, &QHeaderView::sectionMoved, timer, qOverload<>(&QTimer::start));
    QObject::connect(&header, &QHeaderView::sortIndicatorChanged, timer, qOverload<>(&QTimer::start));
}

void rememberSplitter(QSplitter& splitter, const QString& name) {
    const QString key = keyOf("splitter", name);
    splitter.restoreState(QSettings().value(key).toByteArray());
    QTimer* timer = whenSettled(&splitter, [&splitter, key] { QSettings().setValue(key, splitter.saveState()); });
    QObject::connect(&splitter, &QSplitter::splitterMoved, timer, qOverload<>(&QTimer::start));
}

void restoreWindow(QWidget& window, const QString& name) {
    window.restoreGeometry(QSettings().value(keyOf("window", name)).toByteArray());
}

void rememberWindow(const QWidget& window, const QString& name) {
    QSettings().setValue(keyOf("window", name), window.saveGeometry());
}

} // namespace mm::gui
