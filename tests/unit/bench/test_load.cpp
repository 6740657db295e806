#include "tests/bench/load/latency_histogram.h"
#include "tests/bench/load/plan.h"
#include "tests/bench/load/response_reader.h"

#include <QTest>

#include <cmath>

using namespace mm;
using namespace mm::load;
using State = ResponseReader::State;

class TestLoad : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void percentilesAreWithinTwoPercent_data();
    void percentilesAreWithinTwoPercent();
    void nothingRecordedHasNoPercentile();
    void responsesMayComeInAnyPieces();
    void aResponseThatCannotBeFollowedIsBroken_data();
    void aResponseThatCannotBeFollowedIsBroken();
    void closingIsNoticed();
    void aWrongPlanNamesItsField_data();
    void aWrongPlanNamesItsField();
};

void TestLoad::percentilesAreWithinTwoPercent_data() {
    QTest::addColumn<qint64>("largest");
    for (const qint64 largest : {100LL, 127LL, 128LL, 129LL, 5'000LL, 1'000'000LL, 70'000'000'000LL})
        QTest::addRow("up to %lld ns", static_cast<long long>(largest)) << largest;
}

void TestLoad::percentilesAreWithinTwoPercent() {
    QFETCH(qint64, largest);
    LatencyHistogram histogram;
    for (int i = 1; i <= 1000; ++i)
        histogram.record(largest * i / 1000);
    QCOMPARE(histogram.count(), std::uint64_t{1000});
    for (const double fraction : {0.01, 0.5, 0.99, 1.0}) {
        const double exact = std::floor(static_cast<double>(largest) * fraction) / 1e3;
        const double found = histogram.percentileMicros(fraction);
        QVERIFY2(found >= exact && found <= exact * 1.02, qPrintable(QString::number(found / exact)));
    }
    QCOMPARE(histogram.maxMicros(), static_cast<double>(largest) / 1e3);
}

void TestLoad::nothingRecordedHasNoPercentile() {
    const LatencyHistogram histogram;
    QCOMPARE(histogram.percentileMicros(0.99), 0.0);
    QCOMPARE(histogram.meanMicros(), 0.0);
}

void TestLoad::responsesMayComeInAnyPieces() {
    const std::string response = "HTTP/1.1 201 Created\r\ncontent-LENGTH:  11\r\nX-Other: 1\r\n\r\nhello\r\n\r\nyou";
    const std::string whole = response.substr(0, response.size() - 1);
    for (std::size_t piece = 1; piece <= whole.size(); ++piece) {
        ResponseReader reader;
        State state = State::Reading;
        for (std::size_t at = 0; at < whole.size(); at += piece) {
            QCOMPARE(state, State::Reading);
            state = reader.feed(std::string_view(whole).substr(at, piece));
        }
        QCOMPARE(state, State::Done);
        QCOMPARE(reader.status(), 201);
        QVERIFY(!reader.closes());
    }
}

void TestLoad::aResponseThatCannotBeFollowedIsBroken_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("not HTTP") << QByteArray("hello there, this is not it\r\n\r\n");
    QTest::newRow("no status") << QByteArray("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("length is no number") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n");
    QTest::newRow("a field without colon") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n");
    QTest::newRow("more than announced") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab");
}

void TestLoad::aResponseThatCannotBeFollowedIsBroken() {
    QFETCH(QByteArray, bytes);
    ResponseReader reader;
    QCOMPARE(reader.feed(bytes.toStdString()), State::Broken);
}

void TestLoad::closingIsNoticed() {
    ResponseReader reader;
    QCOMPARE(reader.feed("HTTP/1.1 503 Busy\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"), State::Done);
    QVERIFY(reader.closes());
    reader.reset();
    QVERIFY(!reader.closes());
    QCOMPARE(reader.feed("HTTP/1.1 204 No Content\r\n\r\n"), State::Done);
}

void TestLoad::aWrongPlanNamesItsField_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("parse error");
    QTest::newRow("no address") << QByteArray(R"({"streams": []})") << QByteArray("address");
    QTest::newRow("no port") << QByteArray(R"({"address": "127.0.0.1", "streams": []})") << QByteArray("and a port");
    QTest::newRow("no streams") << QByteArray(R"({"address": "127.0.0.1:1", "streams": []})")
                                << QByteArray("at least one stream");
    QTest::newRow("no connections")
        << QByteArray(R"({"address": "127.0.0.1:1", "streams": [{"name": "a", "path": "/", "connections": 0}]})")
        << QByteArray("\"connections\" of a");
    QTest::newRow("no bodies")
        << QByteArray(R"({"address": "127.0.0.1:1", "streams": [{"name": "a", "path": "/", "bodies": "/gone"}]})")
        << QByteArray("/gone");
}

void TestLoad::aWrongPlanNamesItsField() {
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, words);
    const Result<Plan> plan = readPlan(json.toStdString());
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.find(words.toStdString()) != std::string::npos, plan.error().message.c_str());
}

QTEST_APPLESS_MAIN(TestLoad)
#include "test_load.moc"
