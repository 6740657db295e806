#include "gui/pages/settings/console_settings.h"

#include "gui/shell/language.h"
#include "gui/theme/appearance.h"
#include "gui/theme/kind.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>

#include <algorithm>
#include <optional>

namespace mm::gui {
namespace {

QString nameOf(Shade shade) {
    switch (shade) {
    case Shade::Dark:
        return ConsoleSettings::tr("Dark");
    case Shade::Contrast:
        return ConsoleSettings::tr("High contrast");
    case Shade::Light:
        break;
    }
    return ConsoleSettings::tr("Light");
}

// The first is what the desktop has, now.
void showChoice(QComboBox& choice, const Appearance& appearance) {
    choice.setItemText(0, ConsoleSettings::tr("As the system (%1)").arg(nameOf(appearance.desktopShade())));
    choice.setCurrentIndex(appearance.choice() ? choice.findData(static_cast<int>(*appearance.choice())) : 0);
}

QComboBox* shades(Appearance& appearance) {
    auto* choice = new QComboBox;
    choice->setObjectName(QStringLiteral("appearance"));
    choice->setAccessibleName(ConsoleSettings::tr("Appearance"));
    choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    choice->addItem(QString(), -1);
    for (const Shade shade : {Shade::Light, Shade::Dark, Shade::Contrast})
        choice->addItem(nameOf(shade), static_cast<int>(shade));
    showChoice(*choice, appearance);
    QObject::connect(choice, &QComboBox::activated, choice, [choice, &appearance](int index) {
        const int shade = choice->itemData(index).toInt();
        appearance.choose(shade < 0 ? std::nullopt : std::optional(static_cast<Shade>(shade)));
    });
    QObject::connect(&appearance, &Appearance::changed, choice,
                     [choice, &appearance] { showChoice(*choice, appearance); });
    return choice;
}

QComboBox* languageChoice(QLabel& says) {
    auto* choice = new QComboBox;
    choice->setObjectName(QStringLiteral("language"));
    choice->setAccessibleName(ConsoleSettings::tr("Language"));
    choice->addItem(ConsoleSettings::tr("As the system"), QString());
    const QStringList codes = languages();
    for (const QString& code : codes)
        choice->addItem(QLocale(code).nativeLanguageName(), code);
    choice->setCurrentIndex(std::max(0, choice->findData(chosenLanguage())));
    QObject::connect(choice, &QComboBox::activated, choice, [choice, &says](int index) {
        chooseLanguage(choice->itemData(index).toString());
        says.setText(ConsoleSettings::tr("The language changes when the console is started again."));
    });
    return choice;
}

} // namespace

ConsoleSettings::ConsoleSettings(Appearance* appearance, QWidget* parent) : QFrame(parent) {
    setKind(*this, "card");
    auto* title = new QLabel(tr("This console"));
    setKind(*title, "heading");
    auto* says = new QLabel;
    setKind(*says, "muted");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 8, 14, 8);
    row->setSpacing(10);
    row->addWidget(title);
    row->addSpacing(12);
    if (appearance) {
        row->addWidget(new QLabel(tr("Appearance")));
        row->addWidget(shades(*appearance));
        row->addSpacing(12);
    }
    row->addWidget(new QLabel(tr("Language")));
    row->addWidget(languageChoice(*says));
    row->addWidget(says, 1);
}

} // namespace mm::gui
