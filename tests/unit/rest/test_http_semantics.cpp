// The readers of HTTP's own small languages: what clients accept, tags, ranges, codings, origins.
#include "engine/rest/semantics/accept.h"
#include "engine/rest/semantics/byte_range.h"
#include "engine/rest/semantics/content_coding.h"
#include "engine/rest/semantics/cors.h"
#include "engine/rest/semantics/entity_tag.h"
#include "engine/rest/semantics/header_list.h"

#include <QTest>

using namespace mm;
using namespace mm::rest;
using namespace mm::rest::semantics;

namespace {

std::string utf8(const QString& text) {
    return text.toStdString();
}

guard::HttpRequest asking(std::vector<std::pair<std::string, std::string>> headers, std::string method = "GET") {
    guard::HttpRequest request;
    request.method = std::move(method);
    request.headers = std::move(headers);
    return request;
}

std::string headerText(const Answer& answer, std::string_view name) {
    return std::string(headerOf(answer, name));
}

} // namespace

class TestHttpSemantics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theMostSpecificMediaRangeDecides_data();
    void theMostSpecificMediaRangeDecides();
    void theBestCodingIsChosen_data();
    void theBestCodingIsChosen();
    void tagsAreReadAndCompared();
    void conditionsThatAreNoTagsAreNone_data();
    void conditionsThatAreNoTagsAreNone();
    void aTagNamesItsContent();
    void rangesAreChosen_data();
    void rangesAreChosen();
    void bodiesComeBackAsTheyWere_data();
    void bodiesComeBackAsTheyWere();
    void severalGzipMembersAreOneBody();
    void aBombStopsAtTheLimit();
    void damagedBodiesAreRefused_data();
    void damagedBodiesAreRefused();
    void codingsAreKnownByName();
    void originsAreChecked_data();
    void originsAreChecked();
    void onlyNamedOriginsMayRead();
    void anyOriginMayReadWithoutCredentials();
    void aPreflightHearsWhatIsPossible();
    void listsOfHeadersAreOne();
};

void TestHttpSemantics::theMostSpecificMediaRangeDecides_data() {
    QTest::addColumn<QString>("accept");
    QTest::addColumn<bool>("json");
    QTest::newRow("none") << "" << true;
    QTest::newRow("exact") << "application/json" << true;
    QTest::newRow("upper case") << "Application/JSON" << true;
    QTest::newRow("any") << "*/*" << true;
    QTest::newRow("kind") << "application/*;q=0.1" << true;
    QTest::newRow("parameter") << "application/json;charset=utf-8" << true;
    QTest::newRow("browser") << "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" << true;
    QTest::newRow("other") << "text/html" << false;
    QTest::newRow("other kind") << "text/*, image/png" << false;
    QTest::newRow("refused by name") << "application/json;q=0, */*" << false;
    QTest::newRow("refused by kind") << "application/*;q=0.000, */*;q=1" << false;
    QTest::newRow("kind refused, name taken") << "application/*;q=0, application/json;q=0.001" << true;
    QTest::newRow("everything refused") << "*/*;q=0" << false;
    QTest::newRow("weight that is none") << "text/html;q=high" << true; // nothing left of it
    QTest::newRow("weight above one") << "text/html;q=1.001, application/json" << true;
    QTest::newRow("no media range") << "json" << true;
    QTest::newRow("comma in quotes") << R"(text/html;x="a,application/json")" << false;
    QTest::newRow("quote that does not end") << R"(text/html;x="a,application/json)" << false;
    QTest::newRow("only commas") << ",,, ," << true;
}

void TestHttpSemantics::theMostSpecificMediaRangeDecides() {
    QFETCH(QString, accept);
    QFETCH(bool, json);
    QCOMPARE(accepts(utf8(accept), "application/json"), json);
}

void TestHttpSemantics::theBestCodingIsChosen_data() {
    QTest::addColumn<QString>("accept");
    QTest::addColumn<QString>("coding");
    QTest::newRow("none") << ""
                          << "identity";
    QTest::newRow("gzip") << "gzip"
                          << "gzip";
    QTest::newRow("old spelling") << "x-gzip"
                                  << "gzip";
    QTest::newRow("upper case") << "GZIP"
                                << "gzip";
    QTest::newRow("what clients send") << "gzip, deflate, br, zstd"
                                       << "gzip";
    QTest::newRow("deflate") << "deflate"
                             << "deflate";
    QTest::newRow("deflate liked better") << "gzip;q=0.5, deflate;q=0.8"
                                          << "deflate";
    QTest::newRow("any") << "*"
                         << "gzip";
    QTest::newRow("any but gzip") << "*, gzip;q=0"
                                  << "deflate";
    QTest::newRow("refused") << "gzip;q=0"
                             << "identity";
    QTest::newRow("refused thrice") << "gzip;q=0.000, deflate;q=0., identity"
                                    << "identity";
    QTest::newRow("identity liked better") << "gzip;q=0.5, identity"
                                           << "identity";
    QTest::newRow("identity liked as well") << "identity, gzip"
                                            << "gzip";
    QTest::newRow("unknown ones") << "br, zstd"
                                  << "identity";
    QTest::newRow("weight that is none") << "gzip;q=2"
                                         << "identity";
    QTest::newRow("tiny weight") << "gzip;q=0.001"
                                 << "gzip";
}

void TestHttpSemantics::theBestCodingIsChosen() {
    QFETCH(QString, accept);
    QFETCH(QString, coding);
    QCOMPARE(QString::fromStdString(std::string(nameOf(bestCoding(utf8(accept))))), coding);
}

void TestHttpSemantics::tagsAreReadAndCompared() {
    const EntityTag strong{"a", false};
    const EntityTag weak{"a", true};
    QCOMPARE(toText(strong), std::string("\"a\""));
    QCOMPARE(toText(weak), std::string("W/\"a\""));
    QVERIFY(readEntityTag(" W/\"a\" ")->weak);
    QVERIFY(!readEntityTag("\"a\" b"));
    const auto list = readTagCondition(R"("x", W/"a" ,,"b,c")");
    QVERIFY(list.has_value());
    QCOMPARE(list->tags.size(), std::size_t(3));
    QCOMPARE(list->tags[2].opaque, std::string("b,c"));
    QVERIFY(matchesWeakly(*list, strong));
    QVERIFY(!matchesStrongly(*list, strong)); // W/"a" is weak
    QVERIFY(matchesStrongly(*readTagCondition("\"a\""), strong));
    QVERIFY(!matchesStrongly(*readTagCondition("\"a\""), weak));
    QVERIFY(matchesStrongly(*readTagCondition("*"), strong));
    QVERIFY(!matchesWeakly(*readTagCondition("\"b\""), strong));
    // Of the same state in another coding.
    QCOMPARE(toText(inCoding(strong, "gzip")), std::string("\"a-gzip\""));
    QCOMPARE(toText(inCoding(weak, "gzip")), std::string("W/\"a\""));
    QVERIFY(matchesWeakly(*readTagCondition("\"a-gzip\""), strong));
}

void TestHttpSemantics::conditionsThatAreNoTagsAreNone_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", " ", ",", "a", "\"a", "\"a\" \"b\"", "w/\"a\"", "W/", "*, \"a\"", "\"a\nb\""})
        QTest::newRow(text) << text;
}

void TestHttpSemantics::conditionsThatAreNoTagsAreNone() {
    QFETCH(QString, text);
    QVERIFY(!readTagCondition(utf8(text)));
}

void TestHttpSemantics::aTagNamesItsContent() {
    QCOMPARE(tagOfContent("a").opaque, tagOfContent("a").opaque);
    QVERIFY(tagOfContent("a").opaque != tagOfContent("b").opaque);
    QVERIFY(readEntityTag(toText(tagOfContent("a"))));
}

void TestHttpSemantics::rangesAreChosen_data() {
    QTest::addColumn<QString>("range");
    QTest::addColumn<QString>("chosen"); // of 100 bytes; empty: the whole
    QTest::newRow("first ten") << "bytes=0-9"
                               << "bytes 0-9/100";
    QTest::newRow("one") << "bytes=99-99"
                         << "bytes 99-99/100";
    QTest::newRow("open end") << "bytes=90-"
                              << "bytes 90-99/100";
    QTest::newRow("beyond the end") << "bytes=90-1000"
                                    << "bytes 90-99/100";
    QTest::newRow("last five") << "bytes=-5"
                               << "bytes 95-99/100";
    QTest::newRow("last of more than there are") << "bytes=-500"
                                                 << "bytes 0-99/100";
    QTest::newRow("upper case") << "BYTES=0-0"
                                << "bytes 0-0/100";
    QTest::newRow("behind the end") << "bytes=100-"
                                    << "bytes */100";
    QTest::newRow("last none") << "bytes=-0"
                               << "bytes */100";
    QTest::newRow("larger than any number") << "bytes=99999999999999999999999-"
                                            << "bytes */100";
    QTest::newRow("end larger than any number") << "bytes=1-99999999999999999999999"
                                                << "bytes 1-99/100";
    for (const char* whole : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-1", "bytes=0-1,3-4", "lines=0-1",
                              "bytes=0-1-2", "bytes=+1-2", "bytes=1 - 2", "bytes=0x1-2", "bytes=--1"})
        QTest::newRow(whole) << whole << "";
}

void TestHttpSemantics::rangesAreChosen() {
    QFETCH(QString, range);
    QFETCH(QString, chosen);
    const RangeChoice choice = chooseRange(utf8(range), 100);
    const bool isWhole = choice.kind == RangeChoice::Kind::Whole;
    QCOMPARE(isWhole ? QString() : QString::fromStdString(contentRange(choice, 100)), chosen);
    QVERIFY(chooseRange(utf8(range), 0).kind != RangeChoice::Kind::Part); // nothing has no part
}

void TestHttpSemantics::bodiesComeBackAsTheyWere_data() {
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 1000, 65536, 65537, 3'000'000})
        QTest::newRow(std::to_string(size).c_str()) << size;
}

void TestHttpSemantics::bodiesComeBackAsTheyWere() {
    QFETCH(int, size);
    std::string plain;
    for (int i = 0; i < size; ++i)
        plain.push_back(static_cast<char>((i * 31) ^ (i >> 7)));
    for (const Coding coding : {Coding::Identity, Coding::Gzip, Coding::Deflate}) {
        const std::string bytes = packed(plain, coding);
        const Result<std::string> back = unpacked(bytes, coding, size);
        QVERIFY(back.ok());
        QVERIFY(*back == plain);
        if (size > 0 && coding != Coding::Identity)
            QCOMPARE(unpacked(bytes, coding, size - 1).error().code, ErrorCode::PayloadTooLarge);
    }
}

void TestHttpSemantics::severalGzipMembersAreOneBody() {
    const Result<std::string> both =
        unpacked(packed("one ", Coding::Gzip) + packed("two", Coding::Gzip), Coding::Gzip, 7);
    QVERIFY(both.ok());
    QCOMPARE(*both, std::string("one two"));
}

void TestHttpSemantics::aBombStopsAtTheLimit() {
    const std::string bomb = packed(std::string(64 << 20, ' '), Coding::Gzip);
    QVERIFY(bomb.size() < 400'000);
    const Result<std::string> out = unpacked(bomb, Coding::Gzip, 1 << 20);
    QCOMPARE(out.error().code, ErrorCode::PayloadTooLarge);
    QCOMPARE(std::get<std::int64_t>(out.error().facts.at("limit_bytes")), std::int64_t{1} << 20);
}

void TestHttpSemantics::damagedBodiesAreRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    const std::string good = packed("{\"a\": 1}", Coding::Gzip);
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    };
    row("no gzip", "{\"a\": 1}");
    row("cut off", good.substr(0, good.size() - 1));
    row("only its head", good.substr(0, 10));
    row("more behind it", good + "x");
    std::string flipped = good;
    flipped[good.size() - 6] ^= 1; // the checksum
    row("checksum", flipped);
    row("one byte", "\x1f");
}

void TestHttpSemantics::damagedBodiesAreRefused() {
    QFETCH(QByteArray, bytes);
    const Result<std::string> out = unpacked(bytes.toStdString(), Coding::Gzip, 1000);
    QVERIFY(!out.ok());
    QCOMPARE(out.error().code, ErrorCode::MalformedRequest);
    QVERIFY(out.error().facts.contains("byte"));
}

void TestHttpSemantics::codingsAreKnownByName() {
    QVERIFY(codingNamed("") == Coding::Identity);
    QVERIFY(codingNamed(" GZip ") == Coding::Gzip);
    QVERIFY(codingNamed("x-gzip") == Coding::Gzip);
    QVERIFY(codingNamed("deflate") == Coding::Deflate);
    for (const char* other : {"br", "gzip, gzip", "zstd", "gzip;q=1"})
        QVERIFY(!codingNamed(other));
}

void TestHttpSemantics::originsAreChecked_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fine");
    QTest::newRow("none") << "" << true;
    QTest::newRow("any") << "*" << true;
    QTest::newRow("two") << "https://a.example, http://localhost:3000" << true;
    QTest::newRow("IPv6") << "http://[::1]:8080" << true;
    for (const char* wrong : {"a.example", "https://", "https://a.example/", "https://A.example", "https://a b",
                              "https://*.example", "*, https://a.example", "https://u@a.example", "://a"})
        QTest::newRow(wrong) << wrong << false;
}

void TestHttpSemantics::originsAreChecked() {
    QFETCH(QString, text);
    QFETCH(bool, fine);
    QCOMPARE(CorsPolicy::parse(utf8(text)).ok(), fine);
}

void TestHttpSemantics::onlyNamedOriginsMayRead() {
    const CorsPolicy policy = *CorsPolicy::parse("https://a.example");
    Answer named;
    policy.allow(asking({{"origin", "https://a.example"}}), named);
    QCOMPARE(headerText(named, "access-control-allow-origin"), std::string("https://a.example"));
    QCOMPARE(headerText(named, "access-control-allow-credentials"), std::string("true"));
    QVERIFY(headerText(named, "access-control-expose-headers").find("X-Request-Id") != std::string::npos);
    for (const char* origin : {"https://b.example", "https://a.example.evil", "http://a.example", "null"}) {
        Answer other;
        policy.allow(asking({{"origin", origin}}), other);
        QCOMPARE(headerText(other, "access-control-allow-origin"), std::string());
        QCOMPARE(headerText(other, "vary"), std::string("Origin"));
    }
    Answer off;
    CorsPolicy().allow(asking({{"origin", "https://a.example"}}), off);
    QVERIFY(off.headers.empty());
}

void TestHttpSemantics::anyOriginMayReadWithoutCredentials() {
    Answer answer;
    CorsPolicy::parse("*")->allow(asking({{"origin", "https://b.example"}}), answer);
    QCOMPARE(headerText(answer, "access-control-allow-origin"), std::string("*"));
    QCOMPARE(headerText(answer, "access-control-allow-credentials"), std::string());
    QCOMPARE(headerText(answer, "vary"), std::string());
}

void TestHttpSemantics::aPreflightHearsWhatIsPossible() {
    const CorsPolicy policy = *CorsPolicy::parse("https://a.example");
    guard::HttpRequest request = asking({{"origin", "https://a.example"},
                                         {"access-control-request-method", "POST"},
                                         {"access-control-request-headers", "content-type,x-stainless-os"}},
                                        "OPTIONS");
    QVERIFY(CorsPolicy::isPreflight(request));
    Answer answer;
    policy.allowPreflight(request, "GET, POST, OPTIONS", answer);
    QCOMPARE(headerText(answer, "access-control-allow-methods"), std::string("GET, POST, OPTIONS"));
    QCOMPARE(headerText(answer, "access-control-allow-headers"), std::string("content-type,x-stainless-os"));
    QCOMPARE(headerText(answer, "access-control-max-age"), std::string("600"));
    QVERIFY(headerText(answer, "vary").find("Access-Control-Request-Headers") != std::string::npos);
    request.headers[2].second = "a b";
    Answer odd;
    policy.allowPreflight(request, "GET", odd);
    QCOMPARE(headerText(odd, "access-control-allow-headers"), std::string());
    request.headers[0].second = "https://b.example";
    Answer other;
    policy.allowPreflight(request, "GET", other);
    QCOMPARE(headerText(other, "access-control-allow-methods"), std::string());
}

void TestHttpSemantics::listsOfHeadersAreOne() {
    QCOMPARE(allOf(asking({{"a", "1"}, {"b", "2"}, {"a", "3"}}), "a"), std::string("1, 3"));
    Answer answer;
    addVary(answer, "Origin");
    addVary(answer, "Accept-Encoding");
    addVary(answer, "Origin");
    QCOMPARE(headerText(answer, "VARY"), std::string("Origin, Accept-Encoding"));
    setHeader(answer, "vary", "x");
    QCOMPARE(answer.headers.size(), std::size_t(1));
}

QTEST_APPLESS_MAIN(TestHttpSemantics)
#include "test_http_semantics.moc"
