#include "gui/theme/appearance.h"

#include <QActionGroup>
#include <QMenu>
#include <QSettings>

#include <array>
#include <utility>

namespace mm::gui {
namespace {

const QString kSetting = QStringLiteral("appearance");
constexpr std::array kNames{std::pair{Shade::Light, "light"}, std::pair{Shade::Dark, "dark"},
                            std::pair{Shade::Contrast, "contrast"}};

} // namespace

Appearance::Appearance(Theme& theme, QSettings& settings, QObject* parent)
    : QObject(parent), m_theme(theme), m_settings(settings), m_system(Theme::systemShade()) {
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
}

void Appearance::apply() {
    m_theme.apply(m_choice.value_or(m_system));
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
