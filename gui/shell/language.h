// The language of the texts: the one that was chosen, else the system's where there is a translation, else English.
// GUI thread.
#pragma once

#include <QString>
#include <QStringList>

class QCoreApplication;
class QLocale;

namespace mm::gui {

// The language that somebody chose ("de"), for the next start of the console; empty: the system's.
QString chosenLanguage();
void chooseLanguage(const QString& code);
// Those that there are texts in.
QStringList languages();

// Before the first widget is made. English too has a file: of its plurals.
void installTranslations(QCoreApplication& application, const QLocale& locale);

} // namespace mm::gui
