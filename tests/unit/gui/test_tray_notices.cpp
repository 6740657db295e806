// What is told in the tray: what has broken, once, and only where nobody looks.
#include "gui/shell/leaving/tray_notices.h"

#include <QTest>

using namespace mm::gui;

class TestTrayNotices : public QObject {
    Q_OBJECT

    static Decision broken(const char* model) {
        const QString name = QString::fromLatin1(model);
        Decision decision{QStringLiteral("failed:") + name, HealthLevel::Bad, name + QStringLiteral(" is broken."),
                          QStringLiteral("its reason")};
        decision.actions = {{DecisionAction::What::ChooseEngine, QStringLiteral("Another")},
                            {DecisionAction::What::OpenPage, QStringLiteral("Open"), QStringLiteral("models"), name}};
        return decision;
    }

private Q_SLOTS:
    void whatBreaksIsToldOnceAndOpensItsPage() {
        TrayNotices notices;
        HealthReport report;
        report.decisions = {broken("a")};
        const auto notice = notices.next(report, false);
        QVERIFY(notice);
        QCOMPARE(notice->title, QStringLiteral("a is broken."));
        QCOMPARE(notice->text, QStringLiteral("its reason"));
        QCOMPARE(notice->page, QStringLiteral("models"));
        QCOMPARE(notice->subject, QStringLiteral("a"));
        QVERIFY(!notices.next(report, false));
        QVERIFY(!notices.next({}, false));    // it is over
        QVERIFY(notices.next(report, false)); // and again
    }
    void whatIsSeenOrOnlyWaitsIsNotTold() {
        TrayNotices notices;
        HealthReport report;
        report.decisions = {broken("a")};
        QVERIFY(!notices.next(report, true));
        QVERIFY(!notices.next(report, false)); // it was seen
        report.decisions = {broken("b")};
        report.decisions.front().level = HealthLevel::Attention;
        QVERIFY(!notices.next(report, false));
    }
    void severalThingsAreOneNotice() {
        TrayNotices notices;
        HealthReport report;
        report.decisions = {broken("a"), broken("b")};
        const auto notice = notices.next(report, false);
        QVERIFY(notice);
        QVERIFY(notice->title.contains(QLatin1Char('2')));
        QCOMPARE(notice->text, QStringLiteral("a is broken.\nb is broken."));
        QVERIFY(notice->page.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTrayNotices)
#include "test_tray_notices.moc"
