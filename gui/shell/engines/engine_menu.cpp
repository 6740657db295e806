#include "gui/shell/engines/engine_menu.h"

#include "gui/shell/engines/engine_dialog.h"

#include <QMenu>

namespace mm::gui {

EngineMenu::EngineMenu(EngineSwitch& engines, EngineBook& book, QMenu& menu, QWidget& window)
    : QObject(&window), m_engines(engines), m_book(book), m_menu(menu), m_window(window) {
    connect(&m_menu, &QMenu::aboutToShow, this, &EngineMenu::fill);
}

void EngineMenu::fill() {
    m_menu.clear();
    const auto add = [this](const QString& text, bool isIt, const auto& action) {
        QAction* line = m_menu.addAction(text, this, action);
        line->setCheckable(true);
        line->setChecked(isIt);
    };
    if (m_engines.hasOwn())
        add(tr("This computer · embedded"), m_engines.isOwn(), [this] { m_engines.useOwn(); });
    if (const auto offered = m_engines.offered())
        add(tr("This computer · %1").arg(offered->engine.address), false,
            [this, engine = offered->engine] { use(engine); });
    const auto& other = m_engines.other();
    if (other && !m_book.find(other->name))
        add(other->name, true, [this, engine = *other] { use(engine); });
    for (const KnownEngine& engine : m_book.engines())
        add(engine.name, other && other->name == engine.name, [this, engine] { use(engine); });
    m_menu.addSeparator();
    m_menu.addAction(tr("Another engine…"), this, &EngineMenu::askForEngine);
    if (other)
        m_menu.addAction(tr("Enter a key…"), this, &EngineMenu::askForKey);
    if (m_book.engines().empty())
        return;
    QMenu* forget = m_menu.addMenu(tr("Forget"));
    for (const KnownEngine& engine : m_book.engines())
        forget->addAction(engine.name, this, [this, name = engine.name] { m_book.forget(name); });
}

void EngineMenu::use(const KnownEngine& engine) {
    m_book.keyOf(engine, [this, engine](const QString& key) { m_engines.use(engine, key); });
}

void EngineMenu::askForEngine() {
    auto* dialog = new EngineDialog({}, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_book.add(dialog->engine(), dialog->key());
        use(dialog->engine());
    });
    dialog->open();
}

void EngineMenu::askForKey() {
    if (!m_engines.other())
        return;
    auto* dialog = new EngineDialog(*m_engines.other(), &m_window);
    dialog->askForKeyOnly();
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, engine = *m_engines.other()] {
        m_book.setKey(engine, dialog->key());
        m_engines.useKey(dialog->key());
    });
    dialog->open();
}

} // namespace mm::gui
