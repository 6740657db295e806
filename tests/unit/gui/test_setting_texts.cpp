// What the settings page says of a setting, and what it asks for together with one.
#include "gui/pages/settings/setting_text.h"

#include <QTest>

using namespace mm::gui;
namespace v1 = modelmora::v1;

class TestSettingTexts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void valuesHaveTheirUnits() {
        v1::Setting setting;
        setting.set_type("seconds");
        QCOMPARE(settingValue(setting, "600"), QStringLiteral("600 s"));
        setting.set_type("mebibytes");
        QCOMPARE(settingValue(setting, "32"), QStringLiteral("32 MiB"));
        setting.set_type("text");
        QCOMPARE(settingValue(setting, ""), QStringLiteral("–"));
        setting.set_name("slow-request-ms");
        QCOMPARE(settingValue(setting, "5"), QStringLiteral("5 ms"));
    }
    void sourcesAreNamed() {
        v1::Setting setting;
        setting.set_origin("file");
        setting.set_source("/etc/modelmora/engine.yaml:3");
        QCOMPARE(settingSource(setting), QStringLiteral("engine.yaml, line 3"));
        setting.set_origin("flag");
        setting.set_source("--threads");
        QCOMPARE(settingSource(setting), QStringLiteral("flag --threads"));
    }
    void whatWaitsIsSaid() {
        v1::Setting setting;
        setting.set_next_value("3");
        QVERIFY(settingWaits(setting).isEmpty());
        setting.set_waits_for_restart(true);
        QVERIFY(settingWaits(setting).contains(QLatin1String("3")));
    }
    void onlyHalvesOfTheSameGroupGoAlong() {
        v1::Setting key;
        key.set_name("tls-key");
        key.set_group("tls");
        const std::map<std::string, std::string> groups{
            {"tls-certificate", "tls"}, {"tls-client-ca", "tls"}, {"jwt-keys", "access"}, {"tls-key", "tls"}};
        const Drafts drafts{{"tls-certificate", {"/c", {}, true}},
                            {"tls-client-ca", {"/wrong", QStringLiteral("is not"), false}},
                            {"jwt-keys", {"/j", {}, true}},
                            {"tls-key", {"/old", {}, true}}};
        const auto request = requestFor(key, "/k", drafts, groups);
        QCOMPARE(request.changes_size(), 2);
        QCOMPARE(request.changes(0).value(), std::string("/k"));
        QCOMPARE(request.changes(1).name(), std::string("tls-certificate"));
    }
};

QTEST_GUILESS_MAIN(TestSettingTexts)
#include "test_setting_texts.moc"
