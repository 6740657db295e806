// modelmora-engine: the headless service.
#include "engine/app/access/local_access.h"
#include "engine/app/engine.h"
#include "engine/app/settings.h"
#include "engine/app/signal_watcher.h"
#include "engine/app/systemd_notifier.h"
#include "engine/base/log.h"

#include <QCoreApplication>

#include <cstdio>

namespace {

constexpr int kStartFailed = 1;
constexpr int kUsage = 2;

int fail(const mm::Error& error, int code) {
    std::fprintf(stderr, "modelmora-engine: %s\n", error.message.c_str());
    return code;
}

int serve(QCoreApplication& application, const mm::app::Settings& settings) {
    mm::app::SystemdNotifier systemd;
    std::unique_ptr<mm::app::Engine> engine;
    const auto signals = mm::app::SignalWatcher::create([&](const char* signal) {
        mm::log::info("stopping", {{"signal", signal}});
        systemd.stopping();
        if (engine)
            engine->stop([&] { application.quit(); });
        else
            application.quit();
    });
    if (!signals.ok())
        return fail(signals.error(), kStartFailed);

    auto started = mm::app::Engine::start(settings, [&] {
        systemd.ready("serving on " + engine->restAddress() + " and " + engine->grpcAddress());
        mm::log::info("ready", {{"rest", engine->restAddress()}, {"grpc", engine->grpcAddress()}});
    });
    if (!started.ok())
        return fail(started.error(), kStartFailed);
    engine = std::move(started).value();
    const int code = QCoreApplication::exec();
    engine.reset();
    mm::log::info("stopped");
    return code;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::string localMethod; // for `modelmora keys --local` and its like, before any setting
    if (arguments.size() >= 2 && arguments.front() == "--local-access") {
        localMethod = arguments[1];
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    mm::app::CommandLine commandLine;
    const auto settings = mm::app::readSettings(arguments, mm::app::processEnvironment(), commandLine);
    if (commandLine.help) {
        std::fputs(mm::app::settingsHelp().c_str(), stdout);
        return 0;
    }
    if (commandLine.version) {
        std::puts("modelmora-engine " MM_VERSION);
        return 0;
    }
    if (!settings.ok())
        return fail(settings.error(), kUsage);
    mm::log::configure(settings->logLevel, settings->logFormat);
    if (!localMethod.empty()) {
        int plain = 1;
        const QCoreApplication application(plain, argv);
        return mm::app::answerLocally(localMethod, *settings, stdin, stdout);
    }
    const mm::log::Background logging;

    // Qt's own event loop takes less of each request than the one over GLib, which nobody here needs.
    qputenv("QT_NO_GLIB", "1");
    // The arguments are read already; Qt is shown none of them.
    int qtArguments = 1;
    QCoreApplication application(qtArguments, argv);
    return serve(application, *settings);
}
