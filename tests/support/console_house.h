// A whole console for a test: the window on the offscreen display or a real one, a real engine within the program with
// real workers, its data in a folder that goes with it.
#pragma once

#include "gui/client/channel.h"
#include "gui/client/engine_state.h"
#include "gui/embedded/embedded_engine.h"
#include "gui/pages/all_pages.h"
#include "gui/shell/engines/engine_book.h"
#include "gui/shell/engines/engine_switch.h"
#include "gui/shell/main_window.h"
#include "gui/theme/appearance.h"
#include "gui/theme/theme.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace mm::test {

namespace v1 = modelmora::v1;

class ConsoleHouse {
public:
    static constexpr int kPatience = 30'000; // ms

    // `flags` as for modelmora-engine, besides those for folder and addresses.
    explicit ConsoleHouse(std::vector<std::string> flags = {}) : m_flags(std::move(flags)) {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, data.path());
        theme.apply(gui::Shade::Light);
    }
    ~ConsoleHouse() {
        link.close({ErrorCode::ServiceUnavailable, "the test is over"});
        window.reset();
        engines.reset();
        engine.reset();
    }

    // Starts the engine, connects and shows the window; false where that fails.
    bool start() {
        if (isWhole)
            makeWhole();
        else
            startEngine();
        window = std::make_unique<gui::MainWindow>(
            gui::MainWindow::Parts{link, state, events, theme, engines.get(), book.get(), &appearance},
            gui::allPages());
        window->show();
        const bool isExposed = QTest::qWaitForWindowExposed(window.get());
        if (!until([this] { return link.state() == gui::EngineLink::State::Connected && state.models().has_value(); }))
            qWarning("no models came: %s", link.fault().message.c_str());
        return isExposed && state.models().has_value();
    }

    // The engine alone; also again, after it was stopped, on the same folder.
    void startEngine() {
        makeEngine();
        QObject::connect(engine.get(), &gui::EmbeddedEngine::started, &link,
                         [this](const std::shared_ptr<grpc::Channel>& channel, const QString& grpc, const QString&,
                                const QString& key) {
                             const bool isFirst = grpcAddress != grpc;
                             grpcAddress = grpc;
                             if (!isRemote)
                                 link.open({QStringLiteral("This computer"), {}, key.toStdString()}, channel);
                             else if (isFirst)
                                 link.open({grpc, grpc.toStdString(), {}}, gui::channelTo(grpc.toStdString()));
                         });
        QObject::connect(engine.get(), &gui::EmbeddedEngine::leaving, &link, [this] {
            if (!isRemote)
                link.close({ErrorCode::ServiceUnavailable, "The engine has stopped."});
        });
        QObject::connect(engine.get(), &gui::EmbeddedEngine::failed, &link,
                         [](const QString& reason) { qFatal("%s", qPrintable(reason)); });
        engine->start();
    }

    // Engine chooser, known engines and the empty state, as modelmora-console puts them together.
    void makeWhole() {
        makeEngine();
        QObject::connect(engine.get(), &gui::EmbeddedEngine::started, &link,
                         [this](const std::shared_ptr<grpc::Channel>&, const QString& grpc, const QString& rest) {
                             grpcAddress = grpc;
                             restAddress = rest;
                         });
        secrets = std::make_unique<gui::SecretStore>(QStringLiteral("ModelMora tests"));
        book = std::make_unique<gui::EngineBook>(remembered, *secrets);
        engines = std::make_unique<gui::EngineSwitch>(link, engine.get());
        engines->useOwn();
    }

    template <typename Condition>
    [[nodiscard]] static bool until(Condition condition) {
        return QTest::qWaitFor(condition, kPatience);
    }

    // The only one of that type and object name in the window; null where there is none.
    template <typename Widget>
    [[nodiscard]] Widget* find(const char* objectName) const {
        return window->findChild<Widget*>(QString::fromLatin1(objectName));
    }

    // Asks the engine and waits for its answer.
    template <typename Calls, typename Request, typename Response>
    [[nodiscard]] Result<Response> ask(void (Calls::*method)(grpc::ClientContext*, const Request*, Response*,
                                                             std::function<void(grpc::Status)>),
                                       const std::type_identity_t<Request>& request) {
        std::optional<Result<Response>> got;
        link.call(
            method, request, window.get(), [&](Result<Response> answer) { got.emplace(std::move(answer)); },
            gui::EngineLink::kLongSeconds);
        if (!until([&] { return got.has_value(); }))
            return Error{ErrorCode::InferenceTimeout, "no answer came"};
        return std::move(*got);
    }

    // The packaged all-MiniLM-L6-v2 under a name of the test's.
    [[nodiscard]] Result<v1::Model> registerModel(const std::string& id) {
        v1::RegisterModelRequest request;
        request.set_model_id(id);
        request.set_task_type(v1::TASK_TYPE_TXT2EMBED);
        request.set_source_url(std::string("file://") + MM_TEST_MODEL);
        return ask(&gui::RegistryCalls::RegisterModel, request);
    }

    bool isWhole = false;  // see makeWhole(); set before start()
    bool isRemote = false; // asks over TCP, as of an engine elsewhere; set before start()
    QString grpcAddress = QStringLiteral("127.0.0.1:0");
    QString restAddress;                                                           // where the console is whole
    QTemporaryDir data{QDir::temp().filePath(QStringLiteral("modelmora-XXXXXX"))}; // as pictures show it
    gui::Theme theme;
    gui::EngineLink link;
    gui::EventFeed events{link};
    gui::EngineState state{link, events};
    std::unique_ptr<gui::EmbeddedEngine> engine;
    QSettings remembered{data.filePath(QStringLiteral("console.ini")), QSettings::IniFormat};
    gui::Appearance appearance{theme, remembered};
    std::unique_ptr<gui::SecretStore> secrets;
    std::unique_ptr<gui::EngineBook> book;
    std::unique_ptr<gui::EngineSwitch> engines;
    std::unique_ptr<gui::MainWindow> window;

private:
    void makeEngine() {
        std::vector<std::string> arguments{"--data-dir", data.path().toStdString(), "--rest", "127.0.0.1:0",
                                           "--grpc",     grpcAddress.toStdString()};
        // What is beside this program is found, and no path of this machine is to be seen then.
        if (!QFileInfo::exists(QCoreApplication::applicationDirPath() + QStringLiteral("/modelmora-worker")))
            arguments.insert(arguments.end(), {"--worker", MM_WORKER_PROGRAM});
        arguments.insert(arguments.end(), m_flags.begin(), m_flags.end());
        app::CommandLine commandLine;
        auto settings = app::readSettings(arguments, {}, commandLine);
        if (!settings.ok())
            qFatal("%s", settings.error().message.c_str());
        engine = std::make_unique<gui::EmbeddedEngine>(std::move(settings).value());
    }

    std::vector<std::string> m_flags;
};

} // namespace mm::test
