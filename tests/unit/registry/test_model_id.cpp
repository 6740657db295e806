#include "engine/registry/model_id.h"
#include "engine/registry/rules/version_rules.h"

#include <QTest>

using namespace mm::registry;

class TestModelId : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void idsOfOrganisationAndRepositoryAreAccepted_data();
    void idsOfOrganisationAndRepositoryAreAccepted();
    void anythingElseIsRefusedWithTheReason_data();
    void anythingElseIsRefusedWithTheReason();
    void aVersionFollowsAnAt();
    void versionsAreSemanticOrBranchNames_data();
    void versionsAreSemanticOrBranchNames();
    void semanticVersionsAreOrderedByPrecedence();
};

void TestModelId::idsOfOrganisationAndRepositoryAreAccepted_data() {
    QTest::addColumn<QString>("text");
    for (const char* id : {"sentence-transformers/all-MiniLM-L6-v2", "a/b", "BAAI/bge-base-en-v1.5", "_x/y_9"})
        QTest::newRow(id) << QString::fromLatin1(id);
    QTest::newRow("255 characters") << QStringLiteral("a/") + QString(253, QLatin1Char('b'));
}

void TestModelId::idsOfOrganisationAndRepositoryAreAccepted() {
    QFETCH(QString, text);
    const auto id = ModelId::parse(text.toStdString());
    QVERIFY(id.ok());
    QCOMPARE(QString::fromStdString(id->text()), text);
    QCOMPARE(std::string(id->organization()) + "/" + std::string(id->repository()), id->text());
}

void TestModelId::anythingElseIsRefusedWithTheReason_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("empty") << QByteArray("") << QStringLiteral("is empty");
    QTest::newRow("no organisation") << QByteArray("repo") << QStringLiteral("has no '/'");
    QTest::newRow("three parts") << QByteArray("a/b/c") << QStringLiteral("more than one '/'");
    QTest::newRow("nothing before") << QByteArray("/b") << QStringLiteral("has no organisation");
    QTest::newRow("nothing after") << QByteArray("a/") << QStringLiteral("has no repository");
    QTest::newRow("up") << QByteArray("../etc") << QStringLiteral("begins with '.'");
    QTest::newRow("up inside") << QByteArray("a/b..c") << QStringLiteral("'..'");
    QTest::newRow("space") << QByteArray("a/b c") << QStringLiteral("character ' '");
    QTest::newRow("NUL") << QByteArray("a/b\0c", 5) << QStringLiteral("character '?'");
    QTest::newRow("not ASCII") << QByteArray("a/b\xc3\xa9") << QStringLiteral("character '?'");
    QTest::newRow("ends with a dot") << QByteArray("a/b.") << QStringLiteral("ends with '.'");
    QTest::newRow("too long") << QByteArray("a/") + QByteArray(254, 'b') << QStringLiteral("256 bytes long");
}

void TestModelId::anythingElseIsRefusedWithTheReason() {
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    const auto id = ModelId::parse(text.toStdString());
    QVERIFY(!id.ok());
    QCOMPARE(id.error().code, mm::ErrorCode::InvalidModelId);
    const QString message = QString::fromStdString(id.error().message);
    QVERIFY2(message.contains(reason), qPrintable(message));
    QCOMPARE(id.error().fieldErrors.at(0).field, std::string("model_id"));
}

void TestModelId::aVersionFollowsAnAt() {
    const auto plain = VersionedId::parse("a/b");
    QVERIFY(plain.ok() && !plain->version);
    const auto versioned = VersionedId::parse("a/b@feature/x");
    QVERIFY(versioned.ok());
    QCOMPARE(*versioned->version, std::string("feature/x"));
    QVERIFY(!VersionedId::parse("a/b@").ok());
    QVERIFY(!VersionedId::parse("@main").ok());
    QVERIFY(!VersionedId::parse("a/b@c@d").ok());
}

void TestModelId::versionsAreSemanticOrBranchNames_data() {
    QTest::addColumn<bool>("valid");
    QTest::addColumn<bool>("semantic");
    for (const char* text : {"1.2.3", "v2.2.2", "0.0.0", "1.0.0-rc.1", "1.0.0-alpha+build.7", "v10.20.30+x"})
        QTest::newRow(text) << true << true;
    for (const char* text :
         {"main", "fp16", "refs/pr/3", "release-1.2", "1.2", "01.2.3", "c9745ed1d9f207416be6d2e6f8de32d1"})
        QTest::newRow(text) << true << false;
    for (const char* text :
         {"", " ", "a b", "-x", ".x", "a..b", "a//b", "/a", "a/", "x.lock", "a.", "a@b", "1.0.0+", "ä"})
        QTest::newRow(text) << false << false;
}

void TestModelId::versionsAreSemanticOrBranchNames() {
    QFETCH(bool, valid);
    QFETCH(bool, semantic);
    const std::string text = QTest::currentDataTag();
    const auto checked = checkVersion(text);
    QCOMPARE(checked.ok(), valid);
    QCOMPARE(isSemanticVersion(text), semantic);
    if (!valid)
        QCOMPARE(checked.error().fieldErrors.at(0).field, std::string("version"));
}

void TestModelId::semanticVersionsAreOrderedByPrecedence() {
    const std::vector<std::string> rising{"0.9.0",
                                          "1.0.0-alpha",
                                          "1.0.0-alpha.1",
                                          "1.0.0-alpha.beta",
                                          "1.0.0-beta.2",
                                          "1.0.0-beta.11",
                                          "v1.0.0",
                                          "1.9.0",
                                          "1.10.0",
                                          "2.0.0",
                                          "99999999999999999999999.0.0"};
    for (std::size_t i = 0; i < rising.size(); ++i)
        for (std::size_t j = 0; j < rising.size(); ++j)
            QVERIFY2(comparePrecedence(rising[i], rising[j]) == (static_cast<int>(i) <=> static_cast<int>(j)),
                     (rising[i] + " and " + rising[j]).c_str());
    QVERIFY(comparePrecedence("1.0.0+a", "1.0.0+b") == 0);
    QVERIFY(comparePrecedence("main", "0.0.1") < 0);
}

QTEST_APPLESS_MAIN(TestModelId)
#include "test_model_id.moc"
