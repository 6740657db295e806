// The language of the texts: the system's where there is a translation, English otherwise. GUI thread.
#pragma once

class QCoreApplication;
class QLocale;

namespace mm::gui {

// Before the first widget is made. English too has a file: of its plurals.
void installTranslations(QCoreApplication& application, const QLocale& locale);

} // namespace mm::gui
