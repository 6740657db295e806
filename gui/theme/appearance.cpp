#include "gui/theme/appearance.h"

#include <QActionGroup>
#include <QEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QSettings>
#include <QWidget>

#include <array>
#include <utility>

namespace mm::gui {
namespace {

const QString kSetting = QStringLiteral("appearance");
constexpr std::array kNames{std::pair{Shade::Light, "light"}, std::pair{Shade::Dark, "dark"},
                            std::pair{Shade::Contrast, "contrast"}};

} // namespace

Appearance::Appearance(Theme& theme, QSettings& settings, QObject* parent, ReadPalette readPalette)
    : QObject(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_readPalette(std::move(readPalette))
    , m_palette(m_readPalette()) {
    const QString chosen = m_settings.value(kSetting).toString();
    for (const auto& [shade, name] : kNames)
        if (chosen == QLatin1String(name))
            m_choice = shade;
    apply();
}

void Appearance::choose(std::optional<Shade> choice) {
    m_choice = choice;
    m_settings.remove(kSetting);
    for (const auto& [shade, name] : kNames)
        if (choice == shade)
            m_settings.setValue(kSetting, QLatin1String(name));
    apply();
    Q_EMIT changed();
}

void Appearance::apply() {
    const QScopedValueRollback applying(m_isApplying, true);
    m_theme.apply(m_choice.value_or(desktopShade()));
}

void Appearance::follow(const DesktopWish& wish) {
    m_wish = wish;
    if (m_theme.shade() != m_choice.value_or(desktopShade()))
        apply();
    Q_EMIT changed();
}

void Appearance::watch(QWidget& window) {
    window.installEventFilter(this);
}

// Many come for one change, and some while the palette is being changed.
bool Appearance::eventFilter(QObject* watched, QEvent* event) {
    const bool isNews = event->type() == QEvent::ThemeChange || event->type() == QEvent::ApplicationPaletteChange;
    if (isNews && !m_isApplying && !std::exchange(m_willRead, true))
        QMetaObject::invokeMethod(this, &Appearance::readPaletteAgain, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

void Appearance::readPaletteAgain() {
    m_willRead = false;
    {
        const QScopedValueRollback applying(m_isApplying, true);
        m_palette = m_readPalette();
    }
    apply();
    Q_EMIT changed();
}

void Appearance::fill(QMenu& menu) {
    menu.clear();
    auto* group = new QActionGroup(&menu);
    const auto add = [&](const QString& text, std::optional<Shade> choice) {
        QAction* line = menu.addAction(text, this, [this, choice] { choose(choice); });
        line->setCheckable(true);
        line->setChecked(choice == m_choice);
        group->addAction(line);
    };
    add(tr("As the system"), std::nullopt);
    add(tr("Light"), Shade::Light);
    add(tr("Dark"), Shade::Dark);
    add(tr("High contrast"), Shade::Contrast);
}

} // namespace mm::gui
