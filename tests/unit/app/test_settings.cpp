#include "engine/app/settings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace mm;
using namespace mm::app;

class TestSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void defaultsListenOnLoopback();
    void flagsWinOverVariablesOverFileOverDefaults();
    void everyWrongValueIsNamedWithItsSource();
    void unknownFlagsAndKeysSuggestTheNearest();
    void addressesOffLoopbackNeedTheFlag();
    void tlsNeedsCertificateAndKey();
    void brokenYamlNamesFileAndLine();
    void clientWeightsAreReadAndProblemsNamed();
    void memoryBudgetsArePartsOrBytes();
    void evictionPoliciesAreThoseThatThereAre();

private:
    Result<Settings> read(std::vector<std::string> arguments, Environment environment = {{"HOME", "/home/someone"}}) {
        m_commandLine = {};
        return readSettings(arguments, environment, m_commandLine);
    }
    std::string file(const char* content) {
        QFile target(m_dir.filePath(QStringLiteral("engine.yaml")));
        if (!target.open(QIODevice::WriteOnly) || target.write(content) < 0)
            qFatal("cannot write the test's configuration");
        return target.fileName().toStdString();
    }

    QTemporaryDir m_dir;
    CommandLine m_commandLine;
};

void TestSettings::defaultsListenOnLoopback() {
    const auto settings = read({});
    QVERIFY(settings.ok());
    QCOMPARE(settings->restAddress, std::string("127.0.0.1:8000"));
    QCOMPARE(settings->grpcAddress, std::string("127.0.0.1:50051"));
    QCOMPARE(settings->dataDir.string(), std::string("/home/someone/.local/share/modelmora"));
}

void TestSettings::flagsWinOverVariablesOverFileOverDefaults() {
    const std::string config = file("rest: 127.0.0.1:1\ngrpc: 127.0.0.1:1\nthreads: 1\n");
    const auto settings = read({"--config", config, "--rest=127.0.0.1:3"},
                               {{"MODELMORA_REST", "127.0.0.1:2"}, {"MODELMORA_GRPC", "127.0.0.1:2"}});
    QVERIFY(settings.ok());
    QCOMPARE(settings->restAddress, std::string("127.0.0.1:3"));
    QCOMPARE(settings->grpcAddress, std::string("127.0.0.1:2"));
    QCOMPARE(settings->threads, 1);
    QCOMPARE(settings->maxWaiting, 10000);
    QCOMPARE(settings->origins.at("rest"), Origin::Flag);
    QCOMPARE(settings->origins.at("grpc"), Origin::Environment);
    QCOMPARE(settings->origins.at("threads"), Origin::File);
    QCOMPARE(settings->origins.at("max-waiting"), Origin::Default);
    QCOMPARE(settings->maxWaitingBytes, std::int64_t{1} << 30);
    QCOMPARE(settings->ageing, std::chrono::seconds(0));
    QVERIFY(settings->clientWeights.empty());
}

void TestSettings::everyWrongValueIsNamedWithItsSource() {
    const auto settings = read({"--rest", "nowhere"}, {{"MODELMORA_THREADS", "many"}});
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(settings.error().fieldErrors.size(), std::size_t(2));
    QCOMPARE(settings.error().fieldErrors[0].field, std::string("--rest"));
    QCOMPARE(settings.error().fieldErrors[1].field, std::string("MODELMORA_THREADS"));
    QVERIFY(settings.error().message.find("'many' is not a whole number from 0 to 1024") != std::string::npos);
}

void TestSettings::unknownFlagsAndKeysSuggestTheNearest() {
    const auto flag = read({"--data-dri", "x"});
    QVERIFY(!flag.ok());
    QVERIFY(flag.error().message.find("Did you mean '--data-dir'?") != std::string::npos);
    const auto key = read({"--config", file("log-leval: debug\n")});
    QVERIFY(!key.ok());
    QVERIFY(key.error().message.find("engine.yaml:1") != std::string::npos);
    QVERIFY(key.error().message.find("'log-level'") != std::string::npos);
    QVERIFY(!read({"--rest"}).ok());
}

void TestSettings::addressesOffLoopbackNeedTheFlag() {
    const auto refused = read({"--rest", "0.0.0.0:8000"});
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().message.find("--allow-remote") != std::string::npos);
    QVERIFY(read({"--rest", "0.0.0.0:8000", "--allow-remote"}).ok());
    QVERIFY(read({"--rest", "[::1]:8000"}).ok());
}

void TestSettings::tlsNeedsCertificateAndKey() {
    QVERIFY(!read({})->tls.isOn());
    const auto set = read({"--tls-certificate", "/a.pem", "--tls-key=/b.pem", "--tls-client-ca", "/c.pem"});
    QVERIFY(set->tls.isOn());
    QCOMPARE(set->tls.certificate.string(), std::string("/a.pem"));
    QCOMPARE(set->tls.key.string(), std::string("/b.pem"));
    QCOMPARE(set->tls.clientCa.string(), std::string("/c.pem"));
    QVERIFY(!read({"--tls-certificate", "/a.pem"}).ok());
    QVERIFY(!read({"--tls-key", "/b.pem"}).ok());
    const auto alone = read({"--tls-client-ca", "/c.pem"});
    QVERIFY(!alone.ok());
    QVERIFY(alone.error().message.find("--tls-certificate") != std::string::npos);
}

void TestSettings::brokenYamlNamesFileAndLine() {
    const auto settings = read({"--config", file("rest: 127.0.0.1:1\n  grpc: [\n")});
    QVERIFY(!settings.ok());
    QVERIFY(settings.error().message.find("engine.yaml:") != std::string::npos);
    QVERIFY(!read({"--config", "/nowhere/at/all.yaml"}).ok());
}

void TestSettings::clientWeightsAreReadAndProblemsNamed() {
    const auto set = read({"--client-weights", "web=2,import=0.5", "--ageing", "30", "--max-waiting-mb=64"});
    QCOMPARE(set->clientWeights.at("web"), 2.0);
    QCOMPARE(set->ageing, std::chrono::seconds(30));
    QCOMPARE(set->maxWaitingBytes, std::int64_t{64} << 20);
    const auto wrong = read({"--client-weights", "web"});
    QVERIFY(!wrong.ok());
    QVERIFY(wrong.error().message.find("'web' is not NAME=WEIGHT") != std::string::npos);
}

void TestSettings::memoryBudgetsArePartsOrBytes() {
    const auto defaults = read({});
    QCOMPARE(defaults->memoryBudget.of(1000), 900);
    QCOMPARE(defaults->maxLoadedModels, 0);
    QVERIFY(defaults->minimumStay == std::chrono::seconds(2));
    QVERIFY(defaults->idleUnload == std::chrono::seconds(0));
    const auto set = read({"--memory-budget", "12GB", "--gpu-memory-budget=0.5"});
    QCOMPARE(*set->memoryBudget.bytes, 12'000'000'000);
    QCOMPARE(set->gpuMemoryBudget.of(1000), 500);
    const auto wrong = read({"--memory-budget", "12"});
    QVERIFY(!wrong.ok());
    QVERIFY(wrong.error().message.find("'12' is not a part of the memory such as 0.9") != std::string::npos);
}

void TestSettings::evictionPoliciesAreThoseThatThereAre() {
    QCOMPARE(read({})->evictionPolicy, std::string("lru"));
    QCOMPARE(read({"--eviction-policy", "cost"})->evictionPolicy, std::string("cost"));
    const auto wrong = read({"--eviction-policy", "newest"});
    QVERIFY(!wrong.ok());
    QVERIFY(wrong.error().message.find("'newest' is not one of lru, lfu, cost") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestSettings)
#include "test_settings.moc"
