#include "engine/rest/guard/request_parser.h"

#include <QTest>

using mm::rest::guard::HttpRequest;
using mm::rest::guard::RequestLimits;
using mm::rest::guard::RequestParser;
using State = RequestParser::State;

namespace {

const std::string kHost = "Host: x\r\n";

RequestParser::State feedAll(RequestParser& parser, std::string_view bytes, std::size_t slice) {
    for (std::size_t at = 0; at < bytes.size(); at += slice)
        parser.feed(bytes.substr(at, slice));
    return parser.state();
}

} // namespace

class TestRequestParser : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestsAreReadInAnySlicing();
    void pipelinedRequestsComeOutOneByOne();
    void aChunkedBodyIsTakenApart();
    void whatFollowsAChunkedBodyIsTheNextRequest();
    void hostileRequestsAreRefused_data();
    void hostileRequestsAreRefused();
    void hostilePathsAreRefused_data();
    void hostilePathsAreRefused();
    void limitsHoldBeforeTheBytesAreKept_data();
    void limitsHoldBeforeTheBytesAreKept();
    void aHeadOfExactlyTheLimitIsReadInAnySlicing();
    void anAbsoluteTargetIsItsPath();
    void aRefusedRequestIsNotAskedToGoOn();
    void headBecomesGetWithoutABody();
    void connectionOptionsDecideWhetherItStays();
    void continueIsAskedForOnce();

private:
    void checkRefused();
};

void TestRequestParser::requestsAreReadInAnySlicing() {
    const std::string text =
        "\r\nPOST /a/b%2Fc?x=1&y=%20 HTTP/1.1\r\nHost: h\r\nX-Thing:  v w \r\ncontent-length: 5\r\n\r\nhello";
    for (const std::size_t slice : {1U, 2U, 3U, 7U, 64U, 1000U}) {
        RequestParser parser{RequestLimits()};
        QCOMPARE(feedAll(parser, text, slice), State::Complete);
        const HttpRequest request = parser.take();
        QCOMPARE(request.method, std::string("POST"));
        QCOMPARE(request.path, std::string("/a/b%2Fc"));
        QCOMPARE(request.query, std::string("x=1&y=%20"));
        QCOMPARE(request.header("x-thing"), std::string_view("v w"));
        QCOMPARE(request.body, std::string("hello"));
        QVERIFY(request.keepAlive);
        QVERIFY(parser.feed({}) == State::Idle);
    }
}

void TestRequestParser::pipelinedRequestsComeOutOneByOne() {
    RequestParser parser{RequestLimits()};
    std::string text;
    for (int i = 0; i < 3; ++i)
        text += "GET /" + std::to_string(i) + " HTTP/1.1\r\n" + kHost + "\r\n";
    QCOMPARE(parser.feed(text), State::Complete);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(parser.state(), State::Complete);
        QCOMPARE(parser.take().path, "/" + std::to_string(i));
        parser.feed({});
    }
    QCOMPARE(parser.state(), State::Idle);
    QVERIFY(!parser.hasBuffered());
}

void TestRequestParser::aChunkedBodyIsTakenApart() {
    const std::string text =
        "POST / HTTP/1.1\r\n" + kHost +
        "Transfer-Encoding: chunked\r\n\r\n4;name=\"x\"\r\n{\"a\"\r\n003\r\n:1}\r\n0\r\nTrailer: 1\r\n\r\n";
    for (const std::size_t slice : {1U, 2U, 5U, 1000U}) {
        RequestParser parser{RequestLimits()};
        QCOMPARE(feedAll(parser, text, slice), State::Complete);
        QCOMPARE(parser.take().body, std::string("{\"a\":1}"));
    }
}

void TestRequestParser::whatFollowsAChunkedBodyIsTheNextRequest() {
    RequestParser parser{RequestLimits()};
    parser.feed("POST /one HTTP/1.1\r\n" + kHost +
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /two HTTP/1.1\r\n" + kHost + "\r\n");
    QCOMPARE(parser.take().body, std::string("{}"));
    QCOMPARE(parser.feed({}), State::Complete);
    QCOMPARE(parser.take().path, std::string("/two"));
}

void TestRequestParser::hostileRequestsAreRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const std::string& bytes, int status) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << status;
    };
    const std::string post = "POST / HTTP/1.1\r\n" + kHost;
    const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    row("no request line", "BLAH\r\n\r\n", 400);
    row("junk", std::string("\x16\x03\x01\x02\x00\x01", 6) + "\r\n\r\n", 400);
    row("HTTP/9.9", "GET / HTTP/9.9\r\n" + kHost + "\r\n", 505);
    row("HTTPX", "GET / HTTPX1.1\r\n" + kHost + "\r\n", 400);
    row("unknown method", "BREW / HTTP/1.1\r\n" + kHost + "\r\n", 501);
    row("no Host", "GET / HTTP/1.1\r\n\r\n", 400);
    row("two Hosts", "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n", 400);
    row("header without colon", "GET / HTTP/1.1\r\n" + kHost + "nonsense\r\n\r\n", 400);
    row("space before colon", post + "Content-Length : 2\r\n\r\n{}", 400);
    row("folded header", "GET / HTTP/1.1\r\n" + kHost + " folded: 1\r\n\r\n", 400);
    row("NUL in header", "GET / HTTP/1.1\r\n" + kHost + std::string("A: b\0c\r\n\r\n", 10), 400);
    row("bare CR in header", "GET / HTTP/1.1\r\n" + kHost + "A: b\rX: c\r\n\r\n", 400);
    row("negative length", post + "Content-Length: -5\r\n\r\n", 400);
    row("signed length", post + "Content-Length: +5\r\n\r\n", 400);
    row("hexadecimal length", post + "Content-Length: 0x5\r\n\r\n", 400);
    row("length list", post + "Content-Length: 2, 2\r\n\r\n{}", 400);
    row("empty length", post + "Content-Length:\r\n\r\n", 400);
    row("length twice", post + "Content-Length: 2\r\nContent-Length: 50\r\n\r\n{}", 400);
    row("length of 2^64", post + "Content-Length: 18446744073709551615\r\n\r\n", 400);
    row("length and chunked", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("chunked and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400);
    row("chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501);
    row("gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501);
    row("xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n", 501);
    row("chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("chunk size zz", chunked + "zz\r\n", 400);
    row("chunk size -1", chunked + "-1\r\n", 400);
    row("chunk size 0x2", chunked + "0x2\r\n{}\r\n", 400);
    row("chunk size of nine digits", chunked + "000000002\r\n{}\r\n", 400);
    row("empty chunk size", chunked + "\r\n{}\r\n", 400);
    row("chunk ends in LF", chunked + "2\n{}\r\n", 400);
    row("chunk longer than its size", chunked + "2\r\n{}}\r\n", 400);
    row("endless chunk line", chunked + "2;" + std::string(2000, 'x'), 400);
    row(
        "endless trailers",
        chunked + "0\r\n" +
            [] {
                std::string t;
                for (int i = 0; i < 200; ++i)
                    t += "T: " + std::string(60, 'x') + "\r\n";
                return t;
            }(),
        431);
    row("other Expect", post + "Expect: tea\r\nContent-Length: 2\r\n\r\n{}", 417);
}

void TestRequestParser::hostileRequestsAreRefused() {
    checkRefused();
}

void TestRequestParser::hostilePathsAreRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const std::string& bytes, int status) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << status;
    };
    row("absolute form without authority", "GET http:///x HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("absolute form of nothing", "GET http:// HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("absolute form of another scheme", "GET ftp://h/ HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("absolute form with dots", "GET http://h/../x HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("authority form", "GET h:443 HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("asterisk", "GET * HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("//host", "GET //evil/x HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("empty segment", "GET /a//b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("..", "GET /a/../b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("encoded ..", "GET /a/%2e%2E/b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row(".. behind an encoded slash", "GET /a%2f..%2fb HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row(". at the end", "GET /a/. HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("NUL in path", "GET /a%00b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("half an escape", "GET /a%2 HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("wrong escape", "GET /a%zz HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("UTF-8 in path", "GET /\xC3\xA4 HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("quote in path", "GET /a\"b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("fragment", "GET /a#b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("space in path", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n", 400);
    row("tab in request line", "GET\t/ HTTP/1.1\r\n" + kHost + "\r\n", 400);
}

void TestRequestParser::hostilePathsAreRefused() {
    checkRefused();
}

void TestRequestParser::checkRefused() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    for (const std::size_t slice : {std::size_t{1}, std::size_t{100000}}) {
        RequestParser parser{RequestLimits()};
        QCOMPARE(feedAll(parser, {bytes.constData(), static_cast<std::size_t>(bytes.size())}, slice), State::Refused);
        QCOMPARE(parser.refusal().status, status);
        QVERIFY(!parser.refusal().error.message.empty());
        QCOMPARE(parser.feed("GET / HTTP/1.1\r\n" + kHost + "\r\n"), State::Refused);
    }
}

void TestRequestParser::limitsHoldBeforeTheBytesAreKept_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const std::string post = "POST / HTTP/1.1\r\n" + kHost;
    const auto row = [](const char* name, const std::string& bytes, int status) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << status;
    };
    row("body by length", post + "Content-Length: 1001\r\n\r\n", 413);
    row("body by chunks", post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", 413);
    row("body by many chunks",
        post + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n", 413);
    row("headers", "GET / HTTP/1.1\r\nX: " + std::string(600, 'x'), 431);
    row("many headers", "GET / HTTP/1.1\r\n" + kHost + "A:\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", 431);
    row("path", "GET /" + std::string(300, 'x') + " HTTP/1.1\r\n" + kHost + "\r\n", 414);
}

void TestRequestParser::limitsHoldBeforeTheBytesAreKept() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    RequestParser parser({.maxHeadBytes = 500, .maxTargetBytes = 250, .maxBodyBytes = 1000, .maxHeaders = 5});
    QCOMPARE(parser.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())}), State::Refused);
    QCOMPARE(parser.refusal().status, status);
    QVERIFY(!parser.refusal().error.facts.empty());
}

void TestRequestParser::aHeadOfExactlyTheLimitIsReadInAnySlicing() {
    const std::string head = "GET / HTTP/1.1\r\nHost: x\r\nPadding: 0123456789";
    RequestLimits limits;
    limits.maxHeadBytes = static_cast<std::int64_t>(head.size());
    for (const std::size_t slice : {1U, 2U, 3U, 5U, 1000U}) {
        RequestParser fits{limits};
        QCOMPARE(feedAll(fits, head + "\r\n\r\n", slice), State::Complete);
        RequestParser tooLong{limits};
        QCOMPARE(feedAll(tooLong, head + "x\r\n\r\n", slice), State::Refused);
        QCOMPARE(tooLong.refusal().status, 431);
    }
}

void TestRequestParser::aRefusedRequestIsNotAskedToGoOn() {
    RequestParser parser({.maxBodyBytes = 10});
    parser.feed("POST / HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    QCOMPARE(parser.state(), RequestParser::State::Refused);
    QVERIFY(!parser.takeContinueWish());
}

void TestRequestParser::anAbsoluteTargetIsItsPath() {
    const auto pathOf = [](const std::string& target) {
        RequestParser parser({});
        parser.feed("GET " + target + " HTTP/1.1\r\n" + kHost + "\r\n");
        const HttpRequest request = parser.take();
        return request.path + '?' + request.query;
    };
    QCOMPARE(pathOf("http://h:80/a/b?c=d"), std::string("/a/b?c=d"));
    QCOMPARE(pathOf("HTTPS://h/"), std::string("/?"));
    QCOMPARE(pathOf("http://h"), std::string("/?"));
}

void TestRequestParser::headBecomesGetWithoutABody() {
    RequestParser parser{RequestLimits()};
    parser.feed("HEAD /x HTTP/1.1\r\n" + kHost + "\r\n");
    const HttpRequest request = parser.take();
    QCOMPARE(request.method, std::string("GET"));
    QVERIFY(request.headOnly);
}

void TestRequestParser::connectionOptionsDecideWhetherItStays() {
    const auto keeps = [](const std::string& version, const std::string& header) {
        RequestParser parser{RequestLimits()};
        parser.feed("GET / HTTP/" + version + "\r\n" + kHost + header + "\r\n");
        return parser.take().keepAlive;
    };
    QVERIFY(keeps("1.1", ""));
    QVERIFY(!keeps("1.1", "Connection: close\r\n"));
    QVERIFY(!keeps("1.1", "Connection: te, Close\r\n"));
    QVERIFY(keeps("1.1", "Connection: disclose\r\n"));
    QVERIFY(!keeps("1.0", ""));
    QVERIFY(keeps("1.0", "Connection: keep-alive\r\n"));
}

void TestRequestParser::continueIsAskedForOnce() {
    RequestParser parser{RequestLimits()};
    parser.feed("POST / HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    QVERIFY(parser.takeContinueWish());
    QVERIFY(!parser.takeContinueWish());
    QCOMPARE(parser.feed("{}"), State::Complete);
}

QTEST_APPLESS_MAIN(TestRequestParser)
#include "test_request_parser.moc"
