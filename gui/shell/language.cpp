#include "gui/shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace mm::gui {
namespace {

void install(QCoreApplication& application, const QLocale& locale, const char* name, const QString& folder) {
    auto* translator = new QTranslator(&application);
    if (translator->load(locale, QLatin1String(name), QStringLiteral("_"), folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace

void installTranslations(QCoreApplication& application, const QLocale& locale) {
    const QString ours = QStringLiteral(":/i18n");
    install(application, QLocale(QLocale::English), "modelmora", ours);
    install(application, locale, "qtbase", QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    if (locale.language() != QLocale::English)
        install(application, locale, "modelmora", ours);
}

} // namespace mm::gui
