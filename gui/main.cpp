// modelmora-console: the desktop console, with an engine of its own.
#include "gui/client/engine_state.h"
#include "gui/embedded/embedded_engine.h"
#include "gui/pages/all_pages.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

#include <QApplication>

#include <cstdio>

namespace {

constexpr int kUsage = 2;

int show(const mm::app::Settings& settings) {
    mm::gui::Theme theme;
    theme.apply(mm::gui::Theme::systemShade());
    mm::gui::EngineLink link;
    mm::gui::EventFeed events(link);
    mm::gui::EngineState state(link, events);
    mm::gui::MainWindow window({link, state, events, theme}, mm::gui::allPages());
    mm::gui::EmbeddedEngine engine(settings);
    QObject::connect(&engine, &mm::gui::EmbeddedEngine::started, &link,
                     [&](const std::shared_ptr<grpc::Channel>& channel) {
                         link.open({QObject::tr("This computer"), {}, {}}, channel);
                     });
    QObject::connect(&engine, &mm::gui::EmbeddedEngine::failed, &link, [&](const QString& reason) {
        link.close({mm::ErrorCode::ServiceUnavailable, reason.toStdString()});
    });
    QObject::connect(&engine, &mm::gui::EmbeddedEngine::leaving, &link, [&] {
        link.close({mm::ErrorCode::ServiceUnavailable, "The engine has stopped."});
    });
    window.show();
    engine.start();
    const int code = QApplication::exec();
    link.close({mm::ErrorCode::ServiceUnavailable, "the console is closing"});
    return code;
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("ModelMora"));
    QApplication::setStyle(QStringLiteral("Fusion"));
    mm::app::CommandLine commandLine;
    const auto settings = mm::app::readSettings(std::vector<std::string>(argv + 1, argv + argc),
                                                mm::app::processEnvironment(), commandLine);
    if (!settings.ok()) {
        std::fprintf(stderr, "modelmora-console: %s\n", settings.error().message.c_str());
        return kUsage;
    }
    return show(*settings);
}
