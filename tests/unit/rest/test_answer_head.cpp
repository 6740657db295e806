#include "engine/rest/guard/answer_head.h"

#include <QTest>

using namespace mm::rest;
using namespace mm::rest::guard;

class TestAnswerHead : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void statusTypeLengthAndHeadersAreSaid();
    void answersWithoutABodySayNoLength();
    void theConnectionsEndIsSaid();
    void framingIsDecidedHereAlone();
    void aValueCannotBecomeAHeader();
    void theDateIsNow();

private:
    static std::string headOf(const Answer& answer, const AnswerManner& manner = {}) {
        return answerHead(answer, manner, BodyFraming::Length, answer.body.size());
    }
    static bool says(const std::string& head, const std::string& line) {
        return head.find("\r\n" + line + "\r\n") != std::string::npos;
    }
};

void TestAnswerHead::statusTypeLengthAndHeadersAreSaid() {
    const std::string head =
        headOf({.status = 404, .body = "hello", .contentType = "text/plain", .headers = {{"X-A", "1"}, {"X-A", "2"}}});
    QVERIFY(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
    QVERIFY(head.ends_with("\r\n\r\n"));
    QVERIFY(says(head, "Content-Type: text/plain"));
    QVERIFY(says(head, "Content-Length: 5"));
    QVERIFY(says(head, "X-A: 1") && says(head, "X-A: 2"));
    QVERIFY(headOf({.status = 507}).starts_with("HTTP/1.1 507 Insufficient Storage\r\n"));
    QVERIFY(headOf({.status = 299}).starts_with("HTTP/1.1 299 "));
}

void TestAnswerHead::answersWithoutABodySayNoLength() {
    for (const int status : {204, 304}) {
        const std::string head = headOf({.status = status});
        QVERIFY(head.find("Content-Length") == std::string::npos);
        QVERIFY(head.find("Content-Type") == std::string::npos);
        QCOMPARE(pieceFraming({.status = status}, {}), BodyFraming::None);
    }
    QVERIFY(says(headOf({.status = 200}), "Content-Length: 0"));
}

void TestAnswerHead::theConnectionsEndIsSaid() {
    QVERIFY(headOf({}).find("Connection") == std::string::npos);
    QVERIFY(says(headOf({}, {.keepAlive = false}), "Connection: close"));
    QVERIFY(says(headOf({}, {.http10 = true, .keepAlive = true}), "Connection: keep-alive"));
}

void TestAnswerHead::framingIsDecidedHereAlone() {
    const Answer answer{.headers = {{"content-length", "7"}, {"Transfer-Encoding", "gzip"}, {"Connection", "x"}}};
    const std::string head = answerHead(answer, {}, BodyFraming::Chunked, std::nullopt);
    QVERIFY(says(head, "Transfer-Encoding: chunked"));
    QVERIFY(head.find("gzip") == std::string::npos);
    QVERIFY(head.find("ontent-") == head.rfind("ontent-")); // the type's
    QCOMPARE(pieceFraming(answer, {}), BodyFraming::Length);
    QCOMPARE(namedLength(answer).value(), std::uint64_t(7));
    QCOMPARE(pieceFraming({}, {}), BodyFraming::Chunked);
    QCOMPARE(pieceFraming({}, {.http10 = true}), BodyFraming::UntilClose);
    QVERIFY(!namedLength({.headers = {{"Content-Length", "-1"}}}));
}

void TestAnswerHead::aValueCannotBecomeAHeader() {
    const std::string head = headOf({.headers = {{"X-A", "1\r\nX-B: 2\r\n\r\nbody"}, {"X-C\r\nX-D", "3"}}});
    QVERIFY(!says(head, "X-B: 2"));
    QVERIFY(head.find("\r\nX-D") == std::string::npos);
    QCOMPARE(head.find("\r\n\r\n"), head.size() - 4);
}

void TestAnswerHead::theDateIsNow() {
    const std::string head = headOf({});
    const std::size_t at = head.find("Date: ") + 6;
    const QString text = QString::fromStdString(head.substr(at, head.find("\r\n", at) - at));
    const QDateTime date = QLocale::c().toDateTime(text, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    QVERIFY2(date.isValid(), qPrintable(text));
    QVERIFY(std::abs(QDateTime(date.date(), date.time(), Qt::UTC).secsTo(QDateTime::currentDateTimeUtc())) < 60);
}

QTEST_APPLESS_MAIN(TestAnswerHead)
#include "test_answer_head.moc"
