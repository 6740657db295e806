#include "engine/service/trace/trace_context.h"

#include <QTest>

using mm::service::readTraceContext;
using mm::service::TraceContext;

namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kSpan = "b7ad6b7169203331";
const std::string kParent = "00-" + kTrace + "-" + kSpan + "-01";

} // namespace

class TestTraceContext : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTraceIsReadAndAnswered();
    void malformedOnesAreNone_data();
    void malformedOnesAreNone();
    void laterVersionsMaySayMore();
    void theStateIsKeptOnlyWhole_data();
    void theStateIsKeptOnlyWhole();
    void newTracesAreDrawnByTheirShare();
};

void TestTraceContext::aTraceIsReadAndAnswered() {
    const TraceContext context = readTraceContext(kParent, "vendor=1");
    QVERIFY(context.isTraced());
    QCOMPARE(context.traceId, kTrace);
    QCOMPARE(context.parentId, kSpan);
    QCOMPARE(context.flags, std::string("01"));
    QCOMPARE(context.state, std::string("vendor=1"));
    const std::string answer = traceResponse(context);
    const TraceContext back = readTraceContext(answer, {});
    QCOMPARE(back.traceId, kTrace);
    QCOMPARE(back.parentId, context.spanId);
    QVERIFY(context.spanId != kSpan);
    QVERIFY(readTraceContext(kParent, {}).spanId != context.spanId);
}

void TestTraceContext::malformedOnesAreNone_data() {
    QTest::addColumn<QString>("text");
    const auto row = [](const std::string& text) { QTest::newRow(text.c_str()) << QString::fromStdString(text); };
    row("");
    row("x");
    row(kParent.substr(0, 54));
    row(kParent + "0");
    row(kParent + "-more"); // version 00 says no more
    row("ff" + kParent.substr(2));
    row("0g" + kParent.substr(2));
    row("00-0AF7651916CD43DD8448EB211C80319C-" + kSpan + "-01");
    row("00-00000000000000000000000000000000-" + kSpan + "-01");
    row("00-" + kTrace + "-0000000000000000-01");
    row("00-" + kTrace + "-" + kSpan + "-0x");
    row("00_" + kTrace + "-" + kSpan + "-01");
    row("00-" + kTrace + "_" + kSpan + "-01");
    row("00-" + kTrace + "-" + kSpan + "_01");
    row(kParent + ", " + kParent);
}

void TestTraceContext::malformedOnesAreNone() {
    QFETCH(QString, text);
    QVERIFY(!readTraceContext(text.toStdString(), "a=1").isTraced());
}

void TestTraceContext::laterVersionsMaySayMore() {
    QVERIFY(readTraceContext("cc" + kParent.substr(2) + "-what", {}).isTraced());
    QVERIFY(readTraceContext("cc" + kParent.substr(2), {}).isTraced());
    QVERIFY(!readTraceContext("cc" + kParent.substr(2) + ".what", {}).isTraced());
}

void TestTraceContext::theStateIsKeptOnlyWhole_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("kept");
    QTest::newRow("one") << "a=1" << true;
    QTest::newRow("several") << "rojo=00f067aa0ba902b7, congo@b=t61,, x/y=z" << true;
    QTest::newRow("no value") << "a=" << false;
    QTest::newRow("no key") << "=1" << false;
    QTest::newRow("upper case") << "A=1" << false;
    QTest::newRow("no pair") << "a" << false;
    QTest::newRow("two equals") << "a=1=2" << false;
    QTest::newRow("too many") << QStringLiteral("a=1,").repeated(33) << false;
    QTest::newRow("long value") << QString(QStringLiteral("a=") + QString(257, QLatin1Char('x'))) << false;
}

void TestTraceContext::theStateIsKeptOnlyWhole() {
    QFETCH(QString, state);
    QFETCH(bool, kept);
    const TraceContext context = readTraceContext(kParent, state.toStdString());
    QVERIFY(context.isTraced());
    QCOMPARE(context.state, kept ? state.toStdString() : std::string());
}

void TestTraceContext::newTracesAreDrawnByTheirShare() {
    QVERIFY(!mm::service::newTraceContext().isTraced()); // nobody has asked for any
    mm::service::startTraces(0.5);
    int drawn = 0;
    for (int i = 0; i < 2000; ++i)
        drawn += mm::service::newTraceContext().isTraced() ? 1 : 0;
    QVERIFY2(drawn > 850 && drawn < 1150, qPrintable(QString::number(drawn)));
    mm::service::startTraces(1);
    const TraceContext first = mm::service::newTraceContext();
    QVERIFY(first.isTraced() && first.isSampled() && first.parentId.empty());
    QVERIFY(readTraceContext(traceResponse(first), {}).isTraced());
    mm::service::startTraces(0);
    QVERIFY(!mm::service::newTraceContext().isTraced());
    QVERIFY(!readTraceContext("00-" + kTrace + "-" + kSpan + "-00", {}).isSampled());
    QVERIFY(readTraceContext(kParent, {}).isSampled());
}

QTEST_APPLESS_MAIN(TestTraceContext)
#include "test_trace_context.moc"
