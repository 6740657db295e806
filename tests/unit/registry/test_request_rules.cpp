#include "engine/registry/rules/request_rules.h"
#include "tests/unit/registry/fixtures.h"

#include <QTest>

#include <google/protobuf/util/json_util.h>

#include <limits>

using namespace mm::registry;
using mm::registry::test::request;
namespace v1 = modelmora::v1;

class TestRequestRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMinimalRequestGetsTheDefaults();
    void everyWrongFieldIsNamedAtOnce();
    void aLoneWrongIdKeepsItsOwnCode();
    void knownConfigurationKeysAreChecked_data();
    void knownConfigurationKeysAreChecked();
    void unknownConfigurationKeysAreKept();
    void configurationsThatCannotBeStoredAreRefused();
    void fileUrlsAreDecodedStrictly_data();
    void fileUrlsAreDecodedStrictly();
    void textsHaveTheirLengths();
    void pagesAreBounded();
};

namespace {

google::protobuf::Struct config(const QString& json) {
    google::protobuf::Struct parsed;
    if (!google::protobuf::util::JsonStringToMessage(json.toStdString(), &parsed).ok())
        qFatal("bad test JSON");
    return parsed;
}

std::vector<std::string> fieldsOf(const mm::Error& error) {
    std::vector<std::string> fields;
    for (const auto& field : error.fieldErrors)
        fields.push_back(field.field);
    return fields;
}

} // namespace

void TestRequestRules::aMinimalRequestGetsTheDefaults() {
    const auto registration = checkRegistration(request("org/repo"));
    QVERIFY(registration.ok());
    QCOMPARE(registration->draft.version, std::string("main"));
    QCOMPARE(registration->draft.displayName, std::string("repo"));
    QVERIFY(!registration->folder);
    QVERIFY(registration->draft.status == ModelStatus::Registered);
}

void TestRequestRules::everyWrongFieldIsNamedAtOnce() {
    v1::RegisterModelRequest wrong = request("norepo", "a b");
    wrong.set_task_type(v1::TASK_TYPE_UNSPECIFIED);
    wrong.set_display_name("   ");
    wrong.set_description(std::string(1001, 'x'));
    wrong.set_source_url("ftp://x");
    wrong.set_checksum("sha256:abc");
    wrong.mutable_resource_requirements()->set_memory_mb(-1);
    wrong.add_tags("");
    *wrong.mutable_config() = config(QStringLiteral(R"({"dtype": "fp64"})"));
    const auto registration = checkRegistration(wrong);
    QVERIFY(!registration.ok());
    QCOMPARE(registration.error().code, mm::ErrorCode::ValidationError);
    const std::vector<std::string> expected{"model_id",
                                            "version",
                                            "task_type",
                                            "display_name",
                                            "description",
                                            "source_url",
                                            "resource_requirements.memory_mb",
                                            "config.dtype",
                                            "tags[0]",
                                            "checksum"};
    QCOMPARE(fieldsOf(registration.error()), expected);
}

void TestRequestRules::aLoneWrongIdKeepsItsOwnCode() {
    QCOMPARE(checkRegistration(request("norepo")).error().code, mm::ErrorCode::InvalidModelId);
    v1::RegisterModelRequest unknownTask = request("a/b");
    unknownTask.set_task_type(static_cast<v1::TaskType>(99));
    QCOMPARE(checkRegistration(unknownTask).error().code, mm::ErrorCode::InvalidTaskType);
}

void TestRequestRules::knownConfigurationKeysAreChecked_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("problem"); // empty: acceptable
    const auto row = [](const char* json, const char* problem) {
        QTest::newRow(json) << QString::fromLatin1(json) << QString::fromLatin1(problem);
    };
    row(R"({"dtype": "bf16", "device": "cuda:1", "threads": 256, "normalize": true})", "");
    row(R"({"batch_size": 4096, "max_length": 1, "batch_max_tokens": 16384, "prompt_name": "query"})", "");
    row(R"({"dtype": 16})", "config.dtype: must be one of auto, fp32, bf16, not a number");
    row(R"({"dtype": "int3"})", "not 'int3'");
    row(R"({"device": "cuda:x"})", "config.device");
    row(R"({"device": "tpu"})", "config.device");
    row(R"({"threads": 0})", "config.threads: must be a whole number from 1 to 256, not 0");
    row(R"({"threads": 257})", "config.threads");
    row(R"({"threads": 1.5})", "not 1.5");
    row(R"({"threads": "2"})", "must be a whole number, not a string");
    row(R"({"max_length": 0})", "must be a whole number greater than 0");
    row(R"({"batch_size": 5000})", "config.batch_size");
    row(R"({"instances": 17})", "config.instances: must be a whole number from 1 to 16, not 17");
    row(R"({"keep_alive_seconds": -2})",
        "config.keep_alive_seconds: must be a whole number from -1 to 31536000, not -2");
    row(R"({"pinned": 1})", "config.pinned: must be true or false, not a number");
    row(R"({"preload": "yes"})", "config.preload: must be true or false, not a string");
    row(R"({"warmup": "hello"})", "config.warmup: must be a list of texts, not a string");
    row(R"({"warmup": ["a", 1]})", "config.warmup: must be a list of texts that are not empty, but one is a number");
    row(R"({"warmup": [""]})", "config.warmup");
    row(R"({"warmup": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]})",
        "config.warmup: must have at most 16 texts, not 17");
    row(R"({"batch_max_tokens": -1})", "config.batch_max_tokens");
    row(R"({"normalize": "yes"})", "must be true or false, not a string");
    row(R"({"prompt_name": 3})", "must be a string, not a number");
}

void TestRequestRules::knownConfigurationKeysAreChecked() {
    QFETCH(QString, json);
    QFETCH(QString, problem);
    v1::RegisterModelRequest made = request("a/b");
    *made.mutable_config() = config(json);
    const auto checked = checkRegistration(made);
    QCOMPARE(checked.ok(), problem.isEmpty());
    if (!checked.ok())
        QVERIFY2(QString::fromStdString(checked.error().message).contains(problem), checked.error().message.c_str());
}

void TestRequestRules::unknownConfigurationKeysAreKept() {
    v1::RegisterModelRequest made = request("a/b");
    *made.mutable_config() = config(QStringLiteral(R"({"house_colour": {"deep": [1, null, "x"]}})"));
    const auto checked = checkRegistration(made);
    QVERIFY(checked.ok());
    QVERIFY(sameMessage(checked->draft.config, made.config()));
}

void TestRequestRules::configurationsThatCannotBeStoredAreRefused() {
    v1::RegisterModelRequest infinite = request("a/b");
    (*infinite.mutable_config()->mutable_fields())["x"].set_number_value(std::numeric_limits<double>::infinity());
    QVERIFY(!checkRegistration(infinite).ok());
    v1::RegisterModelRequest large = request("a/b");
    (*large.mutable_config()->mutable_fields())["x"].set_string_value(std::string(100'000, 'x'));
    QVERIFY(!checkRegistration(large).ok());
    v1::RegisterModelRequest unset = request("a/b");
    (*unset.mutable_config()->mutable_fields())["x"];
    QVERIFY(!checkRegistration(unset).ok());
}

void TestRequestRules::fileUrlsAreDecodedStrictly_data() {
    QTest::addColumn<QString>("folder"); // empty: refused
    const auto row = [](const char* url, const char* folder) { QTest::newRow(url) << QString::fromUtf8(folder); };
    row("file:///srv/models/a", "/srv/models/a");
    row("file:/srv/a", "/srv/a");
    row("FILE://localhost/srv/a%20b%C3%A9", "/srv/a bé");
    row("file://elsewhere/srv", "");
    row("file:relative/path", "");
    row("file:///a/../etc", "");
    row("file:///a/%2e%2e/etc", "");
    row("file:///a%00b", "");
    row("file:///a%2", "");
    row("file:///a%zz", "");
    row("file:///a?x", "");
    row("file:///a#x", "");
    row("file:", "");
    row("http:/", "");
}

void TestRequestRules::fileUrlsAreDecodedStrictly() {
    QFETCH(QString, folder);
    v1::RegisterModelRequest made = request("a/b");
    made.set_source_url(QTest::currentDataTag());
    const auto checked = checkRegistration(made);
    QCOMPARE(checked.ok(), !folder.isEmpty());
    if (checked.ok())
        QCOMPARE(checked->folder->string(), folder.toStdString());
    else
        QCOMPARE(checked.error().fieldErrors.at(0).field, std::string("source_url"));
}

void TestRequestRules::textsHaveTheirLengths() {
    v1::RegisterModelRequest made = request("a/b");
    QString letters;
    for (int i = 0; i < 255; ++i)
        letters += QStringLiteral("é");
    made.set_display_name(letters.toStdString());
    QVERIFY2(checkRegistration(made).ok(), "255 characters, not bytes, are the limit");
    made.set_display_name(letters.toStdString() + "x");
    QVERIFY(!checkRegistration(made).ok());
    made.set_display_name("a\x1b[31m");
    QVERIFY(!checkRegistration(made).ok());
}

void TestRequestRules::pagesAreBounded() {
    v1::ListModelsRequest list;
    QCOMPARE(checkListing(list)->size, 20);
    list.mutable_pagination()->set_page_size(101);
    QVERIFY(!checkListing(list).ok());
    list.mutable_pagination()->set_page_size(100);
    QVERIFY(checkListing(list).ok());
    list.mutable_pagination()->set_page(-1);
    QVERIFY(!checkListing(list).ok());
    list.clear_pagination();
    list.set_status("sleeping");
    QVERIFY(!checkListing(list).ok());
    list.clear_status();
    list.set_device("cuda:7");
    QVERIFY(checkListing(list).ok());
    list.set_device("toaster");
    QVERIFY(!checkListing(list).ok());
}

QTEST_APPLESS_MAIN(TestRequestRules)
#include "test_request_rules.moc"
