// Who may do what: every operation with every role, models by patterns, priorities, owners.
#include "engine/access/decide.h"

#include <QTest>

using namespace mm;
using namespace mm::access;

namespace {

Identity somebody(Role role, std::vector<std::string> models = {}) {
    return {.name = "app", .role = role, .models = std::move(models)};
}

} // namespace

class TestDecide : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyOperationTakesItsRoleAndThoseAbove();
    void nobodyMayOnlyDoWhatIsOpen();
    void patternsCoverModels_data();
    void patternsCoverModels();
    void anotherModelIsRefusedWithWhatIsAllowed();
    void prioritiesAreCappedAndRefused();
    void ownersAndOperatorsTouch();
};

void TestDecide::everyOperationTakesItsRoleAndThoseAbove() {
    for (const OperationRule& rule : allOperations())
        for (const Role role : {Role::Viewer, Role::User, Role::Operator, Role::Admin}) {
            const Identity identity = somebody(role);
            const auto decided = decide(&identity, rule.operation, "org/repo");
            QCOMPARE(decided.ok(), rule.isOpen || role >= rule.role);
            if (!decided.ok())
                QCOMPARE(std::get<std::string>(decided.error().facts.at("needed_role")),
                         std::string(roleName(rule.role)));
        }
}

void TestDecide::nobodyMayOnlyDoWhatIsOpen() {
    for (const OperationRule& rule : allOperations()) {
        const auto decided = decide(nullptr, rule.operation);
        QCOMPARE(decided.ok(), rule.isOpen);
        QVERIFY(decided.ok() || decided.error().code == ErrorCode::Unauthenticated);
        // Whatever changes something takes more than looking.
        QVERIFY(!rule.changes || rule.role > Role::Viewer);
    }
}

void TestDecide::patternsCoverModels_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("covers");
    QTest::newRow("itself") << "org/repo"
                            << "org/repo" << true;
    QTest::newRow("every version") << "org/repo"
                                   << "org/repo@2" << true;
    QTest::newRow("one version") << "org/repo@2"
                                 << "org/repo@2" << true;
    QTest::newRow("another version") << "org/repo@2"
                                     << "org/repo@3" << false;
    QTest::newRow("a version does not cover the current one") << "org/repo@2"
                                                              << "org/repo" << false;
    QTest::newRow("an organisation") << "org/*"
                                     << "org/repo@main" << true;
    QTest::newRow("another organisation") << "org/*"
                                          << "organ/repo" << false;
    QTest::newRow("everything") << "*"
                                << "a/b" << true;
    QTest::newRow("one letter") << "org/repo-?"
                                << "org/repo-1" << true;
    QTest::newRow("not two") << "org/repo-?"
                             << "org/repo-10" << false;
    QTest::newRow("no prefix") << "org/rep"
                               << "org/repo" << false;
    QTest::newRow("stars within") << "*/bert*small"
                                  << "org/bert-very-small" << true;
    QTest::newRow("a trick with the sign") << "org/repo"
                                           << "org/repo@@" << true;
    QTest::newRow("case counts") << "Org/*"
                                 << "org/repo" << false;
    QTest::newRow("many stars") << "*a*a*a*a*a*a*a*a*b" << QString(5000, QLatin1Char('a')) << false;
}

void TestDecide::patternsCoverModels() {
    QFETCH(QString, pattern);
    QFETCH(QString, model);
    QTEST(coversModel(pattern.toStdString(), model.toStdString()), "covers");
}

void TestDecide::anotherModelIsRefusedWithWhatIsAllowed() {
    const Identity identity = somebody(Role::Admin, {"mine/*"});
    QVERIFY(decide(&identity, Operation::DeleteModel, "mine/one").ok());
    const auto refused = decide(&identity, Operation::DeleteModel, "other/one");
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().code == ErrorCode::PermissionDenied);
    QVERIFY(std::get<std::vector<std::string>>(refused.error().facts.at("models")) == identity.models);
    QVERIFY(decide(&identity, Operation::ReadStatus, {}).ok()); // about no model
}

void TestDecide::prioritiesAreCappedAndRefused() {
    Identity identity = somebody(Role::User);
    QCOMPARE(*allowedPriority(identity, 4, 2), 4);
    identity.maxPriority = 1; // low
    QCOMPARE(*allowedPriority(identity, 0, 2), 1);
    QCOMPARE(*allowedPriority(identity, 1, 2), 1);
    QVERIFY(!allowedPriority(identity, 2, 2).ok());
    identity.maxPriority = 3;
    QCOMPARE(*allowedPriority(identity, 0, 2), 0); // the usual one is below
    QVERIFY(!allowedPriority(identity, 4, 2).ok());
}

void TestDecide::ownersAndOperatorsTouch() {
    QVERIFY(mayTouch(somebody(Role::User), Operation::CancelJob, "app"));
    QVERIFY(!mayTouch(somebody(Role::User), Operation::CancelJob, "other"));
    QVERIFY(mayTouch(somebody(Role::Operator), Operation::CancelJob, "other"));
    QVERIFY(mayTouch(somebody(Role::Viewer), Operation::ReadQueue, "other"));
}

QTEST_GUILESS_MAIN(TestDecide)
#include "test_decide.moc"
