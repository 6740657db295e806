// The description of the API: it names every route that there is and none that there is not, and it is served as a
// file, compressed where that is wanted, with a page that may ask nobody else.
#include "engine/rest/all_routes.h"
#include "engine/rest/routes/documents/embedded_files.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <set>

using namespace mm;
using namespace mm::test;
using rest::documents::embeddedFile;

namespace {

// "GET /models/{model}" → "GET /models/{}": the names of arguments are each side's own.
std::string withoutNames(std::string route) {
    for (std::size_t at = route.find('{'); at != std::string::npos; at = route.find('{', at + 1))
        route.erase(at + 1, route.find('}', at) - at - 1);
    return route;
}

std::set<std::string> routesOfServer() {
    FakeServices fakes;
    rest::Router router;
    rest::registerAllRoutes(router, fakes.services());
    std::set<std::string> routes;
    for (const std::string& route : router.routes())
        routes.insert(withoutNames(route));
    return routes;
}

std::set<std::string> routesOfDocument() {
    const auto document = nlohmann::json::parse(rest::documents::plainContent(*embeddedFile("openapi.json")));
    std::set<std::string> routes;
    for (const auto& [path, item] : document.at("paths").items())
        for (const auto& [method, operation] : item.items())
            if (method != "parameters")
                routes.insert(
                    withoutNames(QString::fromStdString(method).toUpper().toStdString().append(" ").append(path)));
    return routes;
}

std::string missing(const std::set<std::string>& wanted, const std::set<std::string>& there) {
    std::string list;
    for (const std::string& route : wanted)
        if (!there.contains(route))
            list += (list.empty() ? "" : ", ") + route;
    return list;
}

} // namespace

class TestDocumentRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRouteIsDescribedAndEveryDescriptionHasARoute();
    void everyOperationHasAnIdOfItsOwn();
    void theDescriptionIsServedPlainOrCompressed();
    void whatIsKnownIsNotSentAgain();
    void thePageMayAskNobodyElse();
};

void TestDocumentRoutes::everyRouteIsDescribedAndEveryDescriptionHasARoute() {
    const std::set<std::string> served = routesOfServer();
    const std::set<std::string> described = routesOfDocument();
    QVERIFY(served.size() > 50);
    QCOMPARE("served but not in docs/openapi.yaml: " + missing(served, described),
             std::string("served but not in docs/openapi.yaml: "));
    QCOMPARE("in docs/openapi.yaml but not served: " + missing(described, served),
             std::string("in docs/openapi.yaml but not served: "));
}

void TestDocumentRoutes::everyOperationHasAnIdOfItsOwn() {
    const auto document = nlohmann::json::parse(rest::documents::plainContent(*embeddedFile("openapi.json")));
    std::set<std::string> ids;
    for (const auto& [path, item] : document.at("paths").items())
        for (const auto& [method, operation] : item.items())
            if (method != "parameters")
                QVERIFY2(ids.insert(operation.at("operationId").get<std::string>()).second,
                         operation.at("operationId").get<std::string>().c_str());
}

void TestDocumentRoutes::theDescriptionIsServedPlainOrCompressed() {
    const RestFixture rest;
    const HttpAnswer plain = rest.ask("GET", "/api/v1/openapi.json");
    QCOMPARE(plain.status, 200);
    QCOMPARE(plain.headers.at("content-type"), std::string("application/json"));
    QCOMPARE(at(plain, "/openapi"), std::string("3.1.0"));
    const HttpAnswer packed = rest.ask("GET", "/api/v1/openapi.json", {}, "Accept-Encoding: br, gzip\r\n");
    QCOMPARE(packed.headers.at("content-encoding"), std::string("gzip"));
    QCOMPARE(packed.body, std::string(embeddedFile("openapi.json")->gzip));
    const HttpAnswer refused = rest.ask("GET", "/api/v1/openapi.json", {}, "Accept-Encoding: gzip;q=0\r\n");
    QVERIFY(!refused.headers.contains("content-encoding"));
    QVERIFY(rest.ask("GET", "/api/v1/openapi.yaml").body.find("\nopenapi: 3.1.0\n") != std::string::npos);
}

void TestDocumentRoutes::whatIsKnownIsNotSentAgain() {
    const RestFixture rest;
    const std::string tag = rest.ask("GET", "/docs").headers.at("etag");
    const HttpAnswer again = rest.ask("GET", "/docs", {}, "If-None-Match: \"other\", " + tag + "\r\n");
    QCOMPARE(again.status, 304);
    QCOMPARE(again.body, std::string());
    QCOMPARE(rest.ask("GET", "/docs", {}, "If-None-Match: \"other\"\r\n").status, 200);
}

void TestDocumentRoutes::thePageMayAskNobodyElse() {
    const RestFixture rest;
    const HttpAnswer page = rest.ask("GET", "/docs");
    QVERIFY(page.headers.at("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    // Whatever the page names is here.
    for (std::size_t start = page.body.find("=\"/"); start != std::string::npos;
         start = page.body.find("=\"/", start + 1)) {
        const std::string path = page.body.substr(start + 2, page.body.find('"', start + 2) - start - 2);
        QCOMPARE(path + ' ' + std::to_string(rest.ask("GET", path).status), path + " 200");
    }
    QVERIFY(page.body.find("://") == std::string::npos);
    QCOMPARE(rest.ask("GET", "/docs/none.js").status, 404);
    QCOMPARE(rest.ask("GET", "/docs/..%2Fetc%2Fpasswd").status, 400);
}

QTEST_GUILESS_MAIN(TestDocumentRoutes)
#include "test_document_routes.moc"
