// The window takes the desktop's shade while it is open: what the portal tells on a session bus of the test's own, and
// what the palette looks like; what somebody chose stands above both.
#include "gui/theme/desktop_settings.h"
#include "tests/support/console_house.h"

#include <QComboBox>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QProcess>
#include <QtTest>

using mm::gui::Shade;
using mm::test::ConsoleHouse;

namespace {

const QString kPortal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPortalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kPortalSettings = QStringLiteral("org.freedesktop.portal.Settings");
using PortalSettings = QMap<QString, QVariantMap>;

class FakePortal : public QDBusVirtualObject {
public:
    explicit FakePortal(const QString& busAddress)
        : m_bus(QDBusConnection::connectToBus(busAddress, QStringLiteral("portal"))) {
        qDBusRegisterMetaType<PortalSettings>();
        if (!m_bus.registerVirtualObject(kPortalPath, this) || !m_bus.registerService(kPortal))
            qFatal("%s", qPrintable(m_bus.lastError().message()));
    }
    ~FakePortal() override { QDBusConnection::disconnectFromBus(QStringLiteral("portal")); }

    [[nodiscard]] QString introspect(const QString&) const override { return {}; }
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& bus) override {
        if (message.member() != QLatin1String("ReadAll"))
            return false;
        return bus.send(message.createReply(QVariant::fromValue(PortalSettings{{mm::gui::kDesktopLooks, settings}})));
    }
    void change(const char* key, uint value) {
        QDBusMessage news = QDBusMessage::createSignal(kPortalPath, kPortalSettings, QStringLiteral("SettingChanged"));
        news << mm::gui::kDesktopLooks << QString::fromLatin1(key)
             << QVariant::fromValue(QDBusVariant(QVariant::fromValue(value)));
        m_bus.send(news);
    }

    QVariantMap settings;

private:
    QDBusConnection m_bus;
};

} // namespace

class TestAppearance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_bus.start(QStringLiteral("dbus-daemon"),
                    {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
        QVERIFY2(m_bus.waitForReadyRead(), qPrintable(m_bus.errorString()));
        m_address = QString::fromUtf8(m_bus.readLine()).trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toUtf8());
    }
    void cleanupTestCase() {
        m_bus.terminate();
        m_bus.waitForFinished();
    }

    void theWindowFollowsThePortal() {
        FakePortal portal(m_address);
        portal.settings = {{QStringLiteral("color-scheme"), 1U}};
        ConsoleHouse house;
        const mm::gui::DesktopSettings desktop;
        connect(&desktop, &mm::gui::DesktopSettings::told, &house.appearance, &mm::gui::Appearance::follow);
        QVERIFY(house.start());
        QVERIFY(ConsoleHouse::until([&] { return isDark(house); }));
        portal.change("color-scheme", 2);
        QVERIFY(ConsoleHouse::until([&] { return house.theme.shade() == Shade::Light; }));
        QVERIFY(ConsoleHouse::until([&] { return !isDark(house); }));
        portal.change("contrast", 1);
        QVERIFY(ConsoleHouse::until([&] { return house.theme.shade() == Shade::Contrast && isDark(house); }));

        // What is chosen on the settings page stays, and is seen there.
        house.window->open(QStringLiteral("settings"));
        auto* choice = house.find<QComboBox>("appearance");
        QVERIFY(choice->isVisible());
        QVERIFY(choice->currentText().contains(QLatin1String("High contrast"))); // of the system
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Down);
        QCOMPARE(house.theme.shade(), Shade::Light);
        portal.change("contrast", 0);
        portal.change("color-scheme", 1);
        QVERIFY(ConsoleHouse::until([&] { return choice->itemText(0).contains(QLatin1String("Dark")); }));
        QVERIFY(!isDark(house));
        QTest::keyClick(choice, Qt::Key_Home);
        QVERIFY(isDark(house));
        QCOMPARE(choice->currentIndex(), 0);
    }

    void withoutAPortalTheWindowStaysAsItIs() {
        ConsoleHouse house;
        const mm::gui::DesktopSettings desktop; // nobody is there to answer
        connect(&desktop, &mm::gui::DesktopSettings::told, &house.appearance, &mm::gui::Appearance::follow);
        QVERIFY(house.start());
        QVERIFY(!isDark(house));
    }

    void theWindowFollowsThePalette() {
        ConsoleHouse house;
        Shade palette = Shade::Light;
        mm::gui::Appearance appearance(house.theme, house.remembered, nullptr, [&] { return palette; });
        QVERIFY(house.start());
        appearance.watch(*house.window);
        palette = Shade::Dark;
        QEvent news(QEvent::ThemeChange);
        QCoreApplication::sendEvent(house.window.get(), &news);
        QVERIFY(ConsoleHouse::until([&] { return isDark(house); }));
        appearance.choose(Shade::Contrast);
        palette = Shade::Light;
        QSignalSpy changed(&appearance, &mm::gui::Appearance::changed);
        QCoreApplication::sendEvent(house.window.get(), &news);
        QVERIFY(ConsoleHouse::until([&] { return !changed.isEmpty(); }));
        QCOMPARE(house.theme.shade(), Shade::Contrast);
        appearance.choose(std::nullopt);
        QVERIFY(!isDark(house));
    }

    // The desktop's palette is found below the console's own.
    void theConsolesOwnPaletteIsNotTakenForTheDesktops() {
        mm::gui::Theme theme;
        theme.apply(Shade::Light);
        const Shade before = mm::gui::Theme::systemShade();
        theme.apply(before == Shade::Dark ? Shade::Light : Shade::Dark);
        QCOMPARE(mm::gui::Theme::systemShade(), before);
    }

private:
    // As it is painted.
    static bool isDark(const ConsoleHouse& house) {
        const QImage picture = house.window->grab().toImage();
        return picture.pixelColor(picture.width() / 2, picture.height() - 30).lightness() < 128;
    }

    QProcess m_bus;
    QString m_address;
};

QTEST_MAIN(TestAppearance)
#include "test_appearance.moc"
