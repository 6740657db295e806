// modelmora-console: the desktop console, with an engine of its own or connected to one elsewhere.
#include "engine/app/signal_watcher.h"
#include "engine/base/log.h"
#include "gui/client/engine_state.h"
#include "gui/embedded/command_line.h"
#include "gui/embedded/embedded_engine.h"
#include "gui/pages/all_pages.h"
#include "gui/shell/engines/engine_book.h"
#include "gui/shell/engines/engine_switch.h"
#include "gui/shell/language.h"
#include "gui/shell/leaving/leaving.h"
#include "gui/shell/leaving/tray.h"
#include "gui/shell/main_window.h"
#include "gui/theme/appearance.h"
#include "gui/theme/desktop_settings.h"
#include "gui/theme/theme.h"
#include "gui/watch/watch.h"
#include "gui/widgets/remembered.h"

#include <QLocale>
#include <QSettings>

#include <csignal>
#include <cstdio>

namespace {

constexpr int kStartFailed = 1;
constexpr int kUsage = 2;

int fail(const mm::Error& error, int code) {
    std::fprintf(stderr, "modelmora-console: %s\n", error.message.c_str());
    return code;
}

void begin(const mm::gui::ConsoleLine& line, mm::gui::EngineSwitch& engines) {
    if (line.elsewhere)
        return engines.use(*line.elsewhere, QString::fromStdString(line.key));
    if (const auto local = mm::gui::findLocalEngine(line.settings.dataDir))
        return engines.offer(*local);
    engines.useOwn();
}

int show(const mm::gui::ConsoleLine& line, mm::gui::WatchedApplication& application) {
    using namespace mm::gui;
    QSettings remembered;
    SecretStore secrets(QStringLiteral("ModelMora"));
    EngineBook book(remembered, secrets);
    Theme theme;
    Appearance appearance(theme, remembered);
    const DesktopSettings desktop;
    QObject::connect(&desktop, &DesktopSettings::told, &appearance, &Appearance::follow);
    EngineLink link;
    EventFeed events(link);
    EngineState state(link, events);
    std::unique_ptr<EmbeddedEngine> own;
    if (!line.elsewhere)
        own = std::make_unique<EmbeddedEngine>(line.settings);
    EngineSwitch engines(link, own.get());
    MainWindow window({link, state, events, theme, &engines, &book, &appearance}, allPages());
    QApplication::setWindowIcon(consoleIcon(theme));
    QObject::connect(&secrets, &SecretStore::keptForThisSession, &window, [&](const QString&, const QString& reason) {
        window.tellFailure(
            QObject::tr("The key is known until the console ends: the system keeps none (%1).").arg(reason));
    });
    appearance.watch(window);
    Leaving leaving({window, state, own.get(), Tray::isThere()});
    window.setCloseQuestion([&leaving] { return leaving.mayClose(); });
    QObject::connect(&leaving, &Leaving::over, qApp, &QApplication::quit);
    std::unique_ptr<Tray> tray;
    if (Tray::isThere()) {
        tray = std::make_unique<Tray>(window, window.health(), systemTrayFace(theme));
        QObject::connect(tray.get(), &Tray::pageWanted, &window, &MainWindow::open);
        QObject::connect(tray.get(), &Tray::stopWanted, &leaving, &Leaving::stop);
    }
    const auto signals = mm::app::SignalWatcher::create([&leaving](const char*) { leaving.stop(); });
    if (!signals.ok())
        return fail(signals.error(), kStartFailed);
    QStringList pages;
    for (const PageEntry& page : allPages())
        pages << page.id;
    const auto watch = Watch::asked(application, window, {link, state}, pages);
    restoreWindow(window, QStringLiteral("main"));
    window.show();
    begin(line, engines);
    const int code = QApplication::exec();
    rememberWindow(window, QStringLiteral("main"));
    link.close({mm::ErrorCode::ServiceUnavailable, "The console is closing."});
    return code;
}

// Before Qt starts threads of its own, which would be ended by them.
void blockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace

int main(int argc, char** argv) {
    const auto line =
        mm::gui::readConsoleLine(std::vector<std::string>(argv + 1, argv + argc), mm::app::processEnvironment());
    if (!line.ok())
        return fail(line.error(), kUsage);
    if (line->help)
        return std::fputs(mm::gui::consoleHelp().c_str(), stdout) < 0 ? kStartFailed : 0;
    if (line->version)
        return std::puts("modelmora-console " MM_VERSION) < 0 ? kStartFailed : 0;
    mm::log::configure(line->settings.logLevel, line->settings.logFormat);
    const mm::log::Background logging;
    blockSignals();
    // The arguments are read already; Qt is shown none of them.
    int qtArguments = 1;
    mm::gui::WatchedApplication application(qtArguments, argv);
    QApplication::setApplicationName(QStringLiteral("ModelMora"));
    QApplication::setOrganizationName(QStringLiteral("ModelMora"));
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setQuitOnLastWindowClosed(false);
    const QString language = mm::gui::chosenLanguage();
    mm::gui::installTranslations(application, language.isEmpty() ? QLocale() : QLocale(language));
    // The engine's thread needs no GLib, and its loop takes less of each request without; the window's has it, since
    // the system's secret store answers through it.
    qputenv("QT_NO_GLIB", "1");
    return show(*line, application);
}
