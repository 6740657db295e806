// Every route of the REST face with every role, by the list in which the routes are registered: what is refused is what
// the table of operations says, and nothing else.
#include "engine/rest/all_routes.h"
#include "tests/unit/access/roles_fixture.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <map>
#include <set>

using namespace mm;
using namespace mm::test;
using access::Operation;

namespace {

// Who may use each route, written down once more: the least role, or "open".
const std::map<std::string, std::string> kRoutes{
    {"GET /api/v1/health/live", "open"},
    {"GET /api/v1/health/ready", "open"},
    {"GET /health/live", "open"},
    {"GET /health/ready", "open"},
    {"GET /ready", "open"},
    {"GET /v2/health/live", "open"},
    {"GET /v2/health/ready", "open"},
    {"GET /api/v1/events", "viewer"},
    {"GET /api/v1/health", "viewer"},
    {"GET /api/v1/health/models", "viewer"},
    {"GET /api/v1/history", "viewer"},
    {"GET /api/v1/identity", "viewer"},
    {"GET /api/v1/log-level", "viewer"},
    {"GET /api/v1/memory", "viewer"},
    {"GET /api/v1/memory/evictions", "viewer"},
    {"GET /api/v1/metrics", "viewer"},
    {"GET /api/v1/models", "viewer"},
    {"POST /api/v1/models/lock", "viewer"},
    {"GET /api/v1/models/{model}", "viewer"},
    {"GET /api/v1/models/{model}/plan", "viewer"},
    {"POST /api/v1/models/{model}/plan", "viewer"},
    {"GET /api/v1/models/{model}/status", "viewer"},
    {"GET /api/v1/models/{model}/versions", "viewer"},
    {"GET /api/v1/models/{model}/versions/{version}", "viewer"},
    {"GET /api/v1/openapi.json", "viewer"},
    {"GET /api/v1/openapi.yaml", "viewer"},
    {"GET /api/v1/queue", "viewer"},
    {"GET /api/v1/requests", "viewer"},
    {"GET /api/v1/requests/{request}", "viewer"},
    {"GET /api/v1/status", "viewer"},
    {"GET /docs", "viewer"},
    {"GET /docs/{file}", "viewer"},
    {"GET /health", "viewer"},
    {"GET /health/models", "viewer"},
    {"GET /info", "viewer"},
    {"GET /metrics", "viewer"},
    {"GET /models", "viewer"},
    {"GET /models/{model}", "viewer"},
    {"GET /tei/{model}/info", "viewer"},
    {"GET /v1/models", "viewer"},
    {"GET /v1/models/{model}", "viewer"},
    {"GET /v2", "viewer"},
    {"POST /v2/cudasharedmemory/region/{name}/register", "viewer"},
    {"GET /v2/cudasharedmemory/region/{name}/status", "viewer"},
    {"POST /v2/cudasharedmemory/region/{name}/unregister", "viewer"},
    {"GET /v2/cudasharedmemory/status", "viewer"},
    {"POST /v2/cudasharedmemory/unregister", "viewer"},
    {"GET /v2/logging", "viewer"},
    {"POST /v2/logging", "viewer"},
    {"GET /v2/models/stats", "viewer"},
    {"GET /v2/models/{model}", "viewer"},
    {"GET /v2/models/{model}/config", "viewer"},
    {"GET /v2/models/{model}/ready", "viewer"},
    {"GET /v2/models/{model}/stats", "viewer"},
    {"GET /v2/models/{model}/trace/setting", "viewer"},
    {"POST /v2/models/{model}/trace/setting", "viewer"},
    {"GET /v2/models/{model}/versions/{version}", "viewer"},
    {"GET /v2/models/{model}/versions/{version}/config", "viewer"},
    {"GET /v2/models/{model}/versions/{version}/ready", "viewer"},
    {"GET /v2/models/{model}/versions/{version}/stats", "viewer"},
    {"POST /v2/repository/index", "viewer"},
    {"POST /v2/systemsharedmemory/region/{name}/register", "viewer"},
    {"GET /v2/systemsharedmemory/region/{name}/status", "viewer"},
    {"POST /v2/systemsharedmemory/region/{name}/unregister", "viewer"},
    {"GET /v2/systemsharedmemory/status", "viewer"},
    {"POST /v2/systemsharedmemory/unregister", "viewer"},
    {"GET /v2/trace/setting", "viewer"},
    {"POST /v2/trace/setting", "viewer"},
    {"POST /api/v1/infer/{model}", "user"},
    {"POST /api/v1/infer/{model}/async", "user"},
    {"GET /api/v1/jobs", "user"},
    {"DELETE /api/v1/jobs/{job}", "user"},
    {"GET /api/v1/jobs/{job}", "user"},
    {"GET /api/v1/jobs/{job}/result", "user"},
    {"POST /api/v1/jobs/{job}/retry", "user"},
    {"POST /api/v1/requests/{request}/cancel", "user"},
    {"POST /embed", "user"},
    {"POST /infer/{model}", "user"},
    {"POST /openai/deployments/{model}/embeddings", "user"},
    {"POST /predict", "user"},
    {"POST /rerank", "user"},
    {"POST /tei/{model}", "user"},
    {"POST /tei/{model}/embed", "user"},
    {"POST /tei/{model}/predict", "user"},
    {"POST /tei/{model}/rerank", "user"},
    {"POST /v1/embeddings", "user"},
    {"POST /v1/engines/{model}/embeddings", "user"},
    {"POST /v1/rerank", "user"},
    {"POST /v2/models/{model}/infer", "user"},
    {"POST /v2/models/{model}/versions/{version}/infer", "user"},
    {"POST /v2/rerank", "user"},
    {"GET /api/v1/diagnosis", "operator"},
    {"GET /api/v1/settings", "operator"},
    {"POST /api/v1/models/{model}/evict", "operator"},
    {"POST /api/v1/models/{model}/load", "operator"},
    {"DELETE /api/v1/models/{model}/pin", "operator"},
    {"PUT /api/v1/models/{model}/pin", "operator"},
    {"POST /api/v1/models/{model}/unload", "operator"},
    {"POST /api/v1/models/{model}/warmup", "operator"},
    {"POST /api/v1/requests/{request}/hold", "operator"},
    {"POST /api/v1/requests/{request}/priority", "operator"},
    {"POST /api/v1/requests/{request}/release", "operator"},
    {"POST /models/{model}/load", "operator"},
    {"POST /models/{model}/unload", "operator"},
    {"POST /models/{model}/warmup", "operator"},
    {"POST /v2/repository/models/{model}/load", "operator"},
    {"POST /v2/repository/models/{model}/unload", "operator"},
    {"GET /api/v1/audit", "admin"},
    {"GET /api/v1/audit/verification", "admin"},
    {"GET /api/v1/keys", "admin"},
    {"POST /api/v1/keys", "admin"},
    {"DELETE /api/v1/keys/{key}", "admin"},
    {"POST /api/v1/keys/{key}/rotate", "admin"},
    {"PUT /api/v1/log-level", "admin"},
    {"PATCH /api/v1/settings", "admin"},
    {"DELETE /api/v1/settings/{name}", "admin"},
    {"POST /api/v1/models", "admin"},
    {"DELETE /api/v1/models/{model}", "admin"},
    {"PATCH /api/v1/models/{model}", "admin"},
    {"PUT /api/v1/models/{model}", "admin"},
    {"POST /api/v1/models/{model}/download", "admin"},
    {"DELETE /api/v1/models/{model}/versions/{version}", "admin"},
    {"POST /api/v1/models/{model}/versions/{version}/deprecate", "admin"},
    {"POST /api/v1/models/{model}/versions/{version}/promote", "admin"},
    {"POST /models", "admin"},
};

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
    void everyRouteTakesWhatIsWrittenHere();
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

// Written down a second time, by hand: a route that names a wrong operation would agree with itself above.
void TestRestRoles::everyRouteTakesWhatIsWrittenHere() {
    std::string wrong;
    std::set<std::string> seen;
    for (const auto& [route, operation] : allRoutes()) {
        const access::OperationRule& rule = access::ruleOf(operation);
        const std::string role = rule.isOpen ? "open" : std::string(access::roleName(rule.role));
        const auto expected = kRoutes.find(route);
        if (expected == kRoutes.end() || role != expected->second)
            wrong += "\n    {\"" + route + "\", \"" + role + "\"},";
        seen.insert(route);
    }
    QVERIFY2(wrong.empty(), ("not as this test has it:" + wrong).c_str());
    QCOMPARE(seen.size(), kRoutes.size()); // none that is gone
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
