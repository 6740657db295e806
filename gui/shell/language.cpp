#include "gui/shell/language.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

namespace mm::gui {
namespace {

const QString kSetting = QStringLiteral("language");
const QString kTexts = QStringLiteral(":/i18n");

void install(QCoreApplication& application, const QLocale& locale, const char* name, const QString& folder) {
    auto* translator = new QTranslator(&application);
    if (translator->load(locale, QLatin1String(name), QStringLiteral("_"), folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace

QString chosenLanguage() {
    return QSettings().value(kSetting).toString();
}

void chooseLanguage(const QString& code) {
    QSettings settings;
    if (code.isEmpty())
        settings.remove(kSetting);
    else
        settings.setValue(kSetting, code);
}

QStringList languages() {
    QStringList codes;
    const QString prefix = QStringLiteral("modelmora_");
    const QStringList files = QDir(kTexts).entryList({prefix + QStringLiteral("*.qm")});
    for (const QString& file : files)
        codes << file.sliced(prefix.size()).chopped(QStringLiteral(".qm").size());
    return codes;
}

void installTranslations(QCoreApplication& application, const QLocale& locale) {
    install(application, QLocale(QLocale::English), "modelmora", kTexts);
    install(application, locale, "qtbase", QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    if (locale.language() != QLocale::English)
        install(application, locale, "modelmora", kTexts);
}

} // namespace mm::gui
