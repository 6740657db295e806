// Certificates of clients: their names, and whom the file says that they stand for.
#include "tests/support/test_certificates.h"

#include "engine/access/certificates/client_identities.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace mm;
using namespace mm::access;

namespace {

Result<std::unique_ptr<ClientIdentities>> readText(const std::string& yaml) {
    static QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("identities.yaml")).toStdString();
    std::ofstream(file) << yaml;
    return ClientIdentities::read(file);
}

} // namespace

class TestCertificates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wrongFilesAreNamedWithTheirLine_data();
    void wrongFilesAreNamedWithTheirLine();
    void whatIsNoCertificateIsNobody();
};

void TestCertificates::wrongFilesAreNamedWithTheirLine_data() {
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("says");
    QTest::newRow("no list") << "a: 1\n"
                             << "identities";
    QTest::newRow("no YAML") << "identities: [\n"
                             << "cannot be read";
    QTest::newRow("unknown role") << "identities:\n  - {subject: a, role: king}\n"
                                  << ":2: its role";
    QTest::newRow("unknown field") << "identities:\n  - {subject: a, rol: user}\n"
                                   << "'rol'";
    QTest::newRow("two names") << "identities:\n  - {subject: a, dns: b, role: user}\n"
                               << "not several";
    QTest::newRow("no name") << "identities:\n  - {role: user}\n"
                             << "needs one of";
    QTest::newRow("no models") << "identities:\n  - {subject: a, role: user, models: []}\n"
                               << "empty";
    QTest::newRow("a bad priority") << "identities:\n  - {subject: a, role: user, max_priority: top}\n"
                                    << "max_prio";
    QTest::newRow("a map for a text") << "identities:\n  - {subject: {a: 1}, role: user}\n"
                                      << "cannot be read";
}

void TestCertificates::wrongFilesAreNamedWithTheirLine() {
    QFETCH(QString, yaml);
    QFETCH(QString, says);
    const auto read = readText(yaml.toStdString());
    QVERIFY(!read.ok());
    QVERIFY2(read.error().message.find(says.toStdString()) != std::string::npos, read.error().message.c_str());
}

void TestCertificates::whatIsNoCertificateIsNobody() {
    const auto read = readText("identities:\n  - {subject: trainer, role: operator}\n");
    QVERIFY(read.ok());
    for (const char* text : {"", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
        const auto found = (*read)->find(text);
        QVERIFY(!found.ok() && found.error().code == ErrorCode::Unauthenticated);
    }
}

QTEST_GUILESS_MAIN(TestCertificates)
#include "test_certificates.moc"
