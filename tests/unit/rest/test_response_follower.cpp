#include "engine/rest/guard/response_follower.h"

#include <QTest>

using mm::rest::guard::ResponseFollower;

namespace {

struct Followed {
    std::string head;
    std::string body;
    bool isDone = false;
};

Followed follow(std::string_view bytes, std::size_t slice, bool headOnly = false) {
    ResponseFollower follower;
    follower.begin(headOnly);
    Followed result;
    for (std::size_t at = 0; at < bytes.size(); at += slice) {
        const auto seen = follower.feed(bytes.substr(at, slice));
        result.head += seen.head;
        result.body += seen.body;
        result.isDone = result.isDone || seen.isDone;
    }
    return result;
}

} // namespace

class TestResponseFollower : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theEndIsFound_data();
    void theEndIsFound();
    void aHeadRequestEndsWithTheHead();
};

void TestResponseFollower::theEndIsFound_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isDone");
    QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloEXTRA")
                            << QByteArray("hello") << true;
    QTest::newRow("length, lower case") << QByteArray("HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello")
                                        << QByteArray("hello") << true;
    QTest::newRow("unfinished") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")
                                << QByteArray("hello") << false;
    QTest::newRow("empty") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << QByteArray() << true;
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n") << QByteArray() << true;
    QTest::newRow("chunked")
        << QByteArray(
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\n\r\n\r\n0\r\n\r\nEXTRA")
        << QByteArray("3\r\nabc\r\n2;x=y\r\n\r\n\r\n0\r\n\r\n") << true;
    QTest::newRow("chunked with trailer")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: 1\r\n\r\n")
        << QByteArray("1\r\na\r\n0\r\nT: 1\r\n\r\n") << true;
    QTest::newRow("chunked, unfinished") << QByteArray(
                                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
                                         << QByteArray("1\r\na\r\n0\r\n") << false;
    QTest::newRow("until close") << QByteArray("HTTP/1.1 200 OK\r\n\r\nall of it") << QByteArray("all of it") << false;
}

void TestResponseFollower::theEndIsFound() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, body);
    QFETCH(bool, isDone);
    for (const std::size_t slice : {1U, 2U, 3U, 17U, 1000U}) {
        const Followed followed = follow({bytes.constData(), static_cast<std::size_t>(bytes.size())}, slice);
        QCOMPARE(QByteArray::fromStdString(followed.body), body);
        QCOMPARE(followed.isDone, isDone);
        QVERIFY(followed.head.starts_with("HTTP/1.1 "));
        QVERIFY(!followed.head.ends_with("\r\n"));
    }
}

void TestResponseFollower::aHeadRequestEndsWithTheHead() {
    const Followed followed = follow("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1000, true);
    QVERIFY(followed.isDone);
    QVERIFY(followed.body.empty());
}

QTEST_APPLESS_MAIN(TestResponseFollower)
#include "test_response_follower.moc"
