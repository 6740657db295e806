// Every route of the REST face with every role, by the list in which the routes are registered: what is refused is what
// the table of operations says, and nothing else.
#include "engine/rest/all_routes.h"
#include "tests/unit/access/roles_fixture.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <set>

using namespace mm;
using namespace mm::test;
using access::Operation;

namespace {

// A path that leads to the route.
std::string pathOf(std::string pattern) {
    for (std::size_t open = 0; (open = pattern.find('{')) != std::string::npos;) {
        const std::size_t close = pattern.find('}', open);
        const bool isModel = pattern.substr(open, close - open) == "{model";
        pattern.replace(open, close - open + 1, isModel ? "org/repo" : "x");
    }
    return pattern;
}

std::vector<std::pair<std::string, Operation>> allRoutes() {
    FakeServices fakes;
    rest::Router router;
    rest::registerAllRoutes(router, fakes.services());
    return router.operations();
}

// The head of the answer to one request; the status is what counts here.
int ask(const RestFixture& rest, const std::string& method, const std::string& path, const std::string& key) {
    RestClient client(rest.port());
    const std::string headers = key.empty() ? std::string() : "Authorization: Bearer " + key + "\r\n";
    const std::string body = method == "GET" || method == "DELETE" ? std::string() : "{}";
    const auto answer = client.request(method, path, body, headers, true);
    return answer ? answer->status : 0;
}

} // namespace

class TestRestRoles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRouteTakesTheRolesOfItsOperation();
    void whatChangesSomethingIsNotTakenForReading();
    void whatIsOpenIsLittle();
    void aRefusalSaysWhatIsMissingInTheDialectsOwnWords();
    void keysInAddressesAreRefusedEverywhere();
    void preflightsNeedNoKey();
};

void TestRestRoles::everyRouteTakesTheRolesOfItsOperation() {
    RolesFixture roles;
    RestFixture rest({}, &roles.gate());
    for (const auto& [route, operation] : allRoutes()) {
        const std::string method = route.substr(0, route.find(' '));
        const std::string path = pathOf(route.substr(route.find(' ') + 1));
        const access::OperationRule& rule = access::ruleOf(operation);
        const int unknown = ask(rest, method, path, {});
        QVERIFY2((unknown == 401) == !rule.isOpen, (route + " without a key: " + std::to_string(unknown)).c_str());
        for (const std::string_view role : RolesFixture::kRoles) {
            const int status = ask(rest, method, path, std::string(role));
            const bool isAllowed = rule.isOpen || *access::roleFromName(role) >= rule.role;
            QVERIFY2(status != 0 && status != 401 && (status != 403) == isAllowed,
                     (route + " as " + std::string(role) + ": " + std::to_string(status)).c_str());
        }
    }
}

void TestRestRoles::whatChangesSomethingIsNotTakenForReading() {
    // These are written as POST for the size or the shape of what they ask.
    const std::set<Operation> computes{Operation::Infer, Operation::SubmitJob, Operation::PlanLoad};
    for (const auto& [route, operation] : allRoutes()) {
        const bool isAnswered = route.find("sharedmemory") == std::string::npos &&
                                route.find("/trace/setting") == std::string::npos && route != "POST /v2/logging";
        if (route.starts_with("GET ") || !isAnswered || computes.contains(operation) ||
            route == "POST /v2/repository/index" || route == "POST /api/v1/models/lock")
            continue;
        QVERIFY2(access::ruleOf(operation).changes, route.c_str());
        QVERIFY2(access::ruleOf(operation).role >= access::Role::User, route.c_str());
    }
}

void TestRestRoles::whatIsOpenIsLittle() {
    std::set<std::string> open;
    for (const auto& [route, operation] : allRoutes())
        if (access::ruleOf(operation).isOpen)
            open.insert(route);
    const std::set<std::string> expected{
        "GET /api/v1/health/live", "GET /api/v1/health/ready", "GET /health/live", "GET /health/ready", "GET /ready",
        "GET /v2/health/live",     "GET /v2/health/ready"};
    QVERIFY(open == expected);
}

void TestRestRoles::aRefusalSaysWhatIsMissingInTheDialectsOwnWords() {
    RolesFixture roles;
    RestFixture rest({}, &roles.gate());
    const std::string viewer = "X-API-Key: viewer\r\n";
    const HttpAnswer native = rest.ask("POST", "/api/v1/infer/org/repo", "{}", viewer);
    QCOMPARE(native.status, 403);
    QCOMPARE(at(native, "/error_code"), std::string("PERMISSION_DENIED"));
    QCOMPARE(at(native, "/details/needed_role"), std::string("user"));
    const HttpAnswer openai = rest.ask("POST", "/v1/embeddings", "{}", viewer);
    QCOMPARE(openai.status, 403);
    QCOMPARE(at(openai, "/error/code"), std::string("permission_denied"));
    QCOMPARE(at(openai, "/error/type"), std::string("permission_error"));
    const HttpAnswer oip = rest.ask("POST", "/v2/models/org/repo/infer", "{}", viewer);
    QCOMPARE(oip.status, 403);
    QVERIFY(at(oip, "/error").find("needs user") != std::string::npos);
    const HttpAnswer tei = rest.ask("POST", "/embed", "{}");
    QCOMPARE(tei.status, 401);
    QCOMPARE(tei.headers.at("www-authenticate"), std::string("Bearer realm=\"modelmora\""));
    QCOMPARE(at(tei, "/error_type"), std::string("authentication"));
    QVERIFY(roles.refusals().size() == 4);
    QCOMPARE(roles.refusals().front().identity->name, std::string("viewer-key"));
}

void TestRestRoles::keysInAddressesAreRefusedEverywhere() {
    RolesFixture roles;
    RestFixture rest({}, &roles.gate());
    const std::string secret = "mm_0123456789012345678901234567890123456789012";
    for (const std::string path : {"/api/v1/models?api_key=", "/health/live?access_token=", "/api/v1/models?limit="}) {
        const HttpAnswer answer = rest.ask("GET", path + secret, {}, "Authorization: Bearer admin\r\n");
        QCOMPARE(answer.status, 400);
        QCOMPARE(at(answer, "/details/exposed"), std::string("true"));
        QVERIFY(answer.body.find(secret) == std::string::npos);
    }
}

void TestRestRoles::preflightsNeedNoKey() {
    RolesFixture roles;
    RestFixture rest({}, &roles.gate());
    QVERIFY(rest.ask("OPTIONS", "/api/v1/models").status < 300);
}

QTEST_GUILESS_MAIN(TestRestRoles)
#include "test_rest_roles.moc"
