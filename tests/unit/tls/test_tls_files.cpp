#include "engine/tls/tls_files.h"
#include "tests/support/test_certificates.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace mm;
using namespace mm::test;

class TestTlsFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatFitsTogetherIsRead();
    void aChainIsReadWhole();
    void whatDoesNotIsRefusedByFileAndReason_data();
    void whatDoesNotIsRefusedByFileAndReason();
    void anExpiredCertificateIsServedAllTheSame();

private:
    std::filesystem::path file(const char* name, const std::string& text) const {
        const std::filesystem::path path = m_dir.filePath(QLatin1String(name)).toStdString();
        std::ofstream(path) << text;
        return path;
    }

    QTemporaryDir m_dir;
    TestAuthority m_authority;
    PemPair m_server = m_authority.sign("server");
};

void TestTlsFiles::whatFitsTogetherIsRead() {
    const auto texts = readTls({file("server.pem", m_server.certificate), file("server.key", m_server.key),
                                file("clients.pem", m_authority.certificate())});
    QVERIFY(texts.ok());
    QCOMPARE(texts->certificates, m_server.certificate);
    QCOMPARE(texts->key, m_server.key);
    QCOMPARE(texts->clientCa, m_authority.certificate());
}

void TestTlsFiles::aChainIsReadWhole() {
    const std::string chain = m_server.certificate + m_authority.certificate();
    const auto texts = readTls({file("chain.pem", chain), file("server.key", m_server.key), {}});
    QVERIFY(texts.ok());
    QCOMPARE(texts->certificates, chain);
    QVERIFY(texts->clientCa.empty());
}

void TestTlsFiles::whatDoesNotIsRefusedByFileAndReason_data() {
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("says");
    const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
    const QByteArray good = bytes(m_server.certificate);
    const QByteArray goodKey = bytes(m_server.key);
    QTest::newRow("no certificate") << QByteArray("hello") << goodKey << QByteArray("cert.pem holds no certificate");
    QTest::newRow("empty") << QByteArray() << goodKey << QByteArray("cert.pem holds no certificate");
    QTest::newRow("key in its place") << goodKey << goodKey << QByteArray("cert.pem holds no certificate");
    QTest::newRow("damaged") << QByteArray(good).replace("MII", "M!I") << goodKey << QByteArray("certificate 1 in it");
    QTest::newRow("damaged chain") << good + QByteArray(good).left(100) << goodKey << QByteArray("certificate 2 in it");
    QTest::newRow("no key") << good << good << QByteArray("cert.key holds no private key");
    QTest::newRow("key of another") << good << bytes(m_authority.sign("other").key)
                                    << QByteArray("cert.key is not the key of the first certificate");
    QTest::newRow("passphrase") << good << bytes(withPassphrase(m_server.key)) << QByteArray("passphrase");
    QTest::newRow("huge") << QByteArray(5 << 20, 'x') << goodKey << QByteArray("over 4 MB");
}

void TestTlsFiles::whatDoesNotIsRefusedByFileAndReason() {
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, says);
    const auto texts = readTls({file("cert.pem", certificate.toStdString()), file("cert.key", key.toStdString()), {}});
    QVERIFY(!texts.ok());
    QCOMPARE(texts.error().code, ErrorCode::InvalidConfiguration);
    QVERIFY2(texts.error().message.find(says.toStdString()) != std::string::npos, texts.error().message.c_str());
}

void TestTlsFiles::anExpiredCertificateIsServedAllTheSame() {
    const PemPair old = m_authority.sign("old", -1);
    QVERIFY(readTls({file("old.pem", old.certificate), file("old.key", old.key), {}}).ok());
    const auto missing = readTls({"/nowhere/cert.pem", "/nowhere/cert.key", {}});
    QVERIFY(!missing.ok());
    QVERIFY(missing.error().message.find("/nowhere/cert.pem cannot be read: No such file") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestTlsFiles)
#include "test_tls_files.moc"
