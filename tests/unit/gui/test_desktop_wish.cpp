// What the desktop's portal tells, and which shade comes of it.
#include "gui/theme/desktop_wish.h"

#include <QTest>

using namespace mm::gui;

class TestDesktopWish : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsToldIsRead() {
        QCOMPARE(wishOf({}), DesktopWish());
        QCOMPARE(wishOf({{QStringLiteral("org.gnome.desktop.interface"), {{QStringLiteral("color-scheme"), 1U}}}}),
                 DesktopWish());
        const DesktopWish both =
            wishOf({{kDesktopLooks, {{QStringLiteral("color-scheme"), 2U}, {QStringLiteral("contrast"), 1U}}}});
        QCOMPARE(both.shade, DesktopShade::Light);
        QVERIFY(both.contrast);
    }
    void whatIsUnknownChangesNothing() {
        const DesktopWish dark{DesktopShade::Dark, false};
        QCOMPARE(withSetting(dark, QStringLiteral("accent-color"), 2U), dark);
        QCOMPARE(withSetting(dark, QStringLiteral("color-scheme"), QStringLiteral("light")), dark);
        QCOMPARE(withSetting(dark, QStringLiteral("color-scheme"), 7U).shade, DesktopShade::None);
        QVERIFY(!withSetting(dark, QStringLiteral("contrast"), 0U).contrast);
    }
    void contrastStandsAboveTheShadeAndThatAboveThePalette() {
        QCOMPARE(shadeFor({}, Shade::Dark), Shade::Dark);
        QCOMPARE(shadeFor({DesktopShade::Light, false}, Shade::Dark), Shade::Light);
        QCOMPARE(shadeFor({DesktopShade::Dark, false}, Shade::Light), Shade::Dark);
        QCOMPARE(shadeFor({DesktopShade::Light, true}, Shade::Light), Shade::Contrast);
    }
};

QTEST_GUILESS_MAIN(TestDesktopWish)
#include "test_desktop_wish.moc"
