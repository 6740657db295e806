// Tokens and keys of tokens as they come from outside: what is no token, what is no key, and which key is meant. Tokens
// that an independent library has made: tests/integration/test_access_tokens.py.
#include "engine/access/jwt/base64url.h"
#include "engine/access/jwt/jwt.h"
#include "engine/access/jwt/token_identity.h"
#include "engine/access/jwt/token_keys.h"
#include "engine/access/jwt/token_verifier.h"
#include "tests/support/manual_clock.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace mm;
using mm::test::ManualClock;
using namespace mm::access;
using nlohmann::json;

namespace {

std::string encoded(const std::string& text) {
    return QByteArray::fromStdString(text)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
        .toStdString();
}

std::string token(const json& header, const json& claims, const std::string& signature = "c2ln") {
    return encoded(header.dump()) + "." + encoded(claims.dump()) + "." + signature;
}

// A public key on P-256, from the standard that describes such sets (RFC 7517, appendix A.1).
const json kCurve{{"kty", "EC"},
                  {"crv", "P-256"},
                  {"kid", "one"},
                  {"x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"},
                  {"y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}};

// Answers every request with what it is told to, or not at all.
class KeyServer : public QTcpServer {
public:
    KeyServer() {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                if (!socket->readAll().contains("\r\n\r\n"))
                    return;
                ++asked;
                if (body.empty())
                    return; // for ever
                socket->write(("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
                               "\r\nConnection: close\r\n\r\n" + body)
                                  .c_str());
                socket->disconnectFromHost();
            });
        });
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(serverPort()) + "/keys"; }

    std::string status = "200 OK";
    std::string body;
    int asked = 0;
};

std::string setOf(const json& key) {
    return json{{"keys", {key}}}.dump();
}

} // namespace

class TestTokens : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneValueHasOneSpelling();
    void whatIsNoTokenIsRefused_data();
    void whatIsNoTokenIsRefused();
    void onlyKeysThatAreTakenAreTaken_data();
    void onlyKeysThatAreTakenAreTaken();
    void theKeyIsTheOneThatIsNamedAndOfTheAlgorithm();
    void claimsAreChecked_data();
    void claimsAreChecked();
    void rolesAreFoundWhereIssuersWriteThem();
    void subjectsCannotBeMistaken();
    void keysAreFetchedSafely();
    void keysAreKeptWhileTheirSourceMisbehaves();
    void aMissingKeyIsFetchedButNotTooOften();
};

void TestTokens::oneValueHasOneSpelling() {
    QCOMPARE(*fromBase64Url("aGk"), std::string("hi"));
    QCOMPARE(*fromBase64Url("__-_"), std::string("\xff\xff\xbf"));
    for (const char* wrong : {"aGl", "aGk=", "a", "aG k", "aG+k", "aG/k", "\xff"})
        QVERIFY2(!fromBase64Url(wrong), wrong);
}

void TestTokens::whatIsNoTokenIsRefused_data() {
    QTest::addColumn<QString>("text");
    const json claims{{"sub", "x"}};
    const auto row = [](const char* name, const std::string& text) {
        QTest::newRow(name) << QString::fromStdString(text);
    };
    row("empty", "");
    row("two parts", "a.b");
    row("four parts", token({{"alg", "RS256"}}, claims) + ".x");
    row("unsigned", token({{"alg", "none"}}, claims, ""));
    row("unsigned in another spelling", token({{"alg", "nOnE"}}, claims));
    row("no signature", token({{"alg", "RS256"}}, claims, ""));
    row("a shared secret", token({{"alg", "HS256"}}, claims));
    row("another algorithm", token({{"alg", "PS256"}}, claims));
    row("no algorithm", token({{"typ", "JWT"}}, claims));
    row("an algorithm that is no text", token({{"alg", 256}}, claims));
    row("an extension", token({{"alg", "RS256"}, {"crit", {"x"}}}, claims));
    row("something else", token({{"alg", "RS256"}, {"typ", "logout+jwt"}}, claims));
    row("claims that are no object", token({{"alg", "RS256"}}, json::array()));
    row("a name twice", encoded(R"({"alg":"none","alg":"RS256"})") + ".e30.c2ln");
    row("junk behind the end", encoded(R"({"alg":"RS256"}x)") + ".e30.c2ln");
    row("padding", token({{"alg", "RS256"}}, claims, "c2ln=="));
    row("endless depth", encoded(R"({"alg":"RS256"})") + "." + encoded(std::string(5000, '[')) + ".c2ln");
    row("much too long", token({{"alg", "RS256"}}, {{"sub", std::string(20000, 'x')}}));
}

void TestTokens::whatIsNoTokenIsRefused() {
    QFETCH(QString, text);
    const auto read = readToken(text.toStdString());
    QVERIFY(!read.ok());
    QVERIFY(read.error().code == ErrorCode::Unauthenticated);
}

void TestTokens::onlyKeysThatAreTakenAreTaken_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<bool>("isTaken");
    const auto row = [](const char* name, const std::string& set, bool isTaken) {
        QTest::newRow(name) << QString::fromStdString(set) << isTaken;
    };
    const auto with = [](const char* name, const json& value) {
        json key = kCurve;
        key[name] = value;
        return setOf(key);
    };
    row("a good one", setOf(kCurve), true);
    row("for encryption", with("use", "enc"), false);
    row("of another algorithm", with("alg", "HS256"), false);
    row("a point that is on no curve", with("y", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"), false);
    row("another curve", with("crv", "P-384"), false);
    row("too short a number", with("x", "AQAB"), false);
    row("a shared secret", setOf({{"kty", "oct"}, {"k", "c2VjcmV0"}}), false);
    row("a short RSA key", setOf({{"kty", "RSA"}, {"n", encoded(std::string(128, '\xff'))}, {"e", "AQAB"}}), false);
    row("an exponent of one", setOf({{"kty", "RSA"}, {"n", encoded(std::string(256, '\xff'))}, {"e", "AQ"}}), false);
    row("keys that are no list", R"({"keys": {}})", false);
    row("no JSON", "<html>", false);
    row("nothing", "", false);
    row("very many", json{{"keys", json(100, kCurve)}}.dump(), false);
    row("very large", std::string(300'000, ' '), false);
}

void TestTokens::onlyKeysThatAreTakenAreTaken() {
    QFETCH(QString, set);
    QFETCH(bool, isTaken);
    QCOMPARE(readJwks(set.toStdString(), "test").ok(), isTaken);
}

void TestTokens::theKeyIsTheOneThatIsNamedAndOfTheAlgorithm() {
    const auto keys = readJwks(setOf(kCurve), "test");
    QVERIFY(keys.ok());
    const auto wanted = [&](const char* algorithm, const json& kid) {
        json header{{"alg", algorithm}};
        if (!kid.is_null())
            header["kid"] = kid;
        const std::string text = token(header, {{"sub", "x"}});
        return keyFor(*readToken(text), *keys) != nullptr;
    };
    QVERIFY(wanted("ES256", "one"));
    QVERIFY(wanted("ES256", nullptr)); // there is only one
    QVERIFY(!wanted("ES256", "two"));
    QVERIFY(!wanted("RS256", "one")); // the key says what it is for, not the token
    const std::string text = token({{"alg", "ES256"}, {"kid", "one"}}, {{"sub", "x"}}, encoded(std::string(64, 'x')));
    const auto read = readToken(text);
    QVERIFY(!isSignedBy(*read, keys->front()));
}

void TestTokens::claimsAreChecked_data() {
    QTest::addColumn<QString>("claims");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char* name, const json& changes, bool isGood) {
        json claims{{"iss", "https://i"}, {"aud", "modelmora"}, {"sub", "x"}, {"exp", 1000}};
        claims.merge_patch(changes); // null takes one out
        QTest::newRow(name) << QString::fromStdString(claims.dump()) << isGood;
    };
    row("good", json::object(), true);
    row("several audiences", {{"aud", {"other", "modelmora"}}}, true);
    row("for the party", {{"aud", "account"}, {"azp", "modelmora"}}, true);
    row("another audience", {{"aud", "modelmora2"}}, false);
    row("no audience", {{"aud", nullptr}}, false);
    row("another issuer", {{"iss", "https://i/"}}, false);
    row("no issuer", {{"iss", nullptr}}, false);
    row("no subject", {{"sub", nullptr}}, false);
    row("within the leeway", {{"exp", 841}}, true);
    row("expired", {{"exp", 840}}, false);
    row("without an end", {{"exp", nullptr}}, false);
    row("an end that is no number", {{"exp", "1000"}}, false);
    row("an endless end", {{"exp", 1e300}}, true);
    row("not yet", {{"nbf", 961}}, false);
    row("just about", {{"nbf", 960}}, true);
    row("from the future", {{"iat", 2000}}, false);
    row("nonsense", {{"nbf", json::object({{"a", 1}})}}, false);
    row("an id token", {{"typ", "ID"}}, false);
    row("a refresh token", {{"typ", "Refresh"}}, false);
}

void TestTokens::claimsAreChecked() {
    QFETCH(QString, claims);
    QFETCH(bool, isGood);
    const auto checked =
        checkClaims(json::parse(claims.toStdString()), {"https://i", "modelmora"}, WallTime(std::chrono::seconds(900)));
    QCOMPARE(checked.ok(), isGood);
}

void TestTokens::rolesAreFoundWhereIssuersWriteThem() {
    const RoleNames names = *parseRoleNames("ml-team=operator,boss=admin");
    const auto roleOf = [&](const json& extra) -> std::optional<Role> {
        json claims{{"sub", "x"}};
        claims.update(extra);
        const auto identity = identityOf(claims, "modelmora", names);
        return identity.ok() ? std::optional((*identity)->role) : std::nullopt;
    };
    QVERIFY(roleOf({{"realm_access", {{"roles", {"offline_access", "user"}}}}}) == Role::User);
    QVERIFY(roleOf({{"resource_access", {{"modelmora", {{"roles", {"admin"}}}}}}}) == Role::Admin);
    QVERIFY(!roleOf({{"resource_access", {{"another", {{"roles", {"admin"}}}}}}}));
    QVERIFY(roleOf({{"roles", {"viewer", "ml-team"}}}) == Role::Operator);
    QVERIFY(roleOf({{"role", "boss"}}) == Role::Admin);
    QVERIFY(!roleOf({{"roles", {"root", 7, nullptr}}}));
    QVERIFY(!roleOf({{"realm_access", "admin"}}));
    QVERIFY(!roleOf({{"roles", {"viewer"}}, {"modelmora_models", json::array()}}));
    QVERIFY(!parseRoleNames("a=king").ok());
    QVERIFY(!parseRoleNames("admin").ok());
}

void TestTokens::subjectsCannotBeMistaken() {
    const auto nameOf = [](const std::string& subject) {
        return (*identityOf({{"sub", subject}, {"role", "user"}}, "modelmora", {}))->name;
    };
    QCOMPARE(nameOf("alice"), std::string("token:alice"));
    QVERIFY(nameOf("a\nb").find('\n') == std::string::npos);
    QVERIFY(nameOf(std::string(5000, 'x')).size() < 120);
    QVERIFY(nameOf("a\nb") != nameOf("a\nc"));
}

void TestTokens::keysAreFetchedSafely() {
    QVERIFY(isKeyAddress("https://keys.example/jwks"));
    QVERIFY(isKeyAddress("http://127.0.0.1:8080/jwks"));
    QVERIFY(isKeyAddress("http://[::1]/jwks"));
    for (const char* wrong : {"http://keys.example/jwks", "ftp://keys.example", "file:///etc/passwd", "https://",
                              "https://user:secret@keys.example/", "keys.example"})
        QVERIFY2(!isKeyAddress(wrong), wrong);
}

void TestTokens::keysAreKeptWhileTheirSourceMisbehaves() {
    using namespace std::chrono_literals;
    KeyServer server;
    server.body = setOf(kCurve);
    SystemClock clock;
    const auto keys =
        std::move(
            TokenKeys::open(
                {.issuer = "https://i", .keys = server.url(), .every = 20ms, .pause = 0ms, .patience = 200ms}, clock))
            .value();
    QTRY_COMPARE(keys->current()->keys.size(), std::size_t{1});
    const auto fails = [&](const std::string& status, const std::string& body, const char* words) {
        server.status = status;
        server.body = body;
        QTRY_VERIFY2(keys->current()->failure.find(words) != std::string::npos, words);
        QCOMPARE(keys->current()->keys.size(), std::size_t{1});
    };
    fails("500 No", "no", "500");
    fails("200 OK", "<html>", "no JSON");
    fails("200 OK", std::string(400'000, ' '), "bytes");
    fails("302 Found", "elsewhere", "302");
    fails("200 OK", "", "in time");
    fails("200 OK", R"({"keys":[]})", "none of them");
    server.body = setOf(kCurve);
    QTRY_VERIFY(keys->current()->failure.empty());
}

void TestTokens::aMissingKeyIsFetchedButNotTooOften() {
    using namespace std::chrono_literals;
    KeyServer server;
    server.body = setOf(kCurve);
    ManualClock clock;
    const auto keys =
        std::move(TokenKeys::open({.issuer = "https://i", .keys = server.url(), .pause = 30s}, clock)).value();
    TokenVerifier verifier(*keys, {"https://i", "modelmora"}, {}, clock);
    QTRY_COMPARE(keys->current()->keys.size(), std::size_t{1});
    const auto codeFor = [&](const char* kid) {
        const auto asked = verifier.identify(token({{"alg", "ES256"}, {"kid", kid}}, {{"sub", "x"}}));
        return asked.ok() ? std::string() : std::string(errorName(asked.error().code));
    };
    for (int i = 0; i < 20; ++i)
        QCOMPARE(codeFor("two"), std::string("UNAUTHENTICATED"));
    QCOMPARE(server.asked, 1); // just now
    json second = kCurve;
    second["kid"] = "two";
    server.body = setOf(second);
    clock.advance(31s);
    QCOMPARE(codeFor("two"), std::string("SERVICE_UNAVAILABLE")); // come back
    QTRY_COMPARE(keys->current()->version, std::uint64_t{2});
    QCOMPARE(server.asked, 2);
    const auto there = verifier.identify(token({{"alg", "ES256"}, {"kid", "two"}}, {{"sub", "x"}}));
    QVERIFY(there.error().message.find("signature") != std::string::npos); // known now, and not its own
}

QTEST_GUILESS_MAIN(TestTokens)
#include "test_tokens.moc"
