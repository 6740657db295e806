#include "engine/rest/json/json_writer.h"
#include "engine/rest/json/proto_writer.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <QByteArray>
#include <QTest>

#include <nlohmann/json.hpp>

#include <bit>
#include <cstring>
#include <limits>
#include <random>

using namespace mm::rest;
namespace v1 = modelmora::v1;

namespace {

template <typename Write>
std::string written(Write write) {
    std::string out;
    JsonWriter writer(out);
    write(writer);
    return out;
}

} // namespace

class TestJsonWriter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsEscapedAndAlwaysUtf8();
    void floatsComeBackBitForBit();
    void numbersThatJsonDoesNotKnowAreNull();
    void base64IsWhatOthersRead();
    void messagesLeaveOutWhatIsNotKnown();
};

void TestJsonWriter::textIsEscapedAndAlwaysUtf8() {
    QCOMPARE(written([](JsonWriter& w) { w.string(std::string("a\"\\\n\t\0\x1f", 7)); }),
             std::string("\"a\\\"\\\\\\n\\t\\u0000\\u001f\""));
    QCOMPARE(written([](JsonWriter& w) { w.string("a\xFF\xC3\xA4"); }), std::string("\"a\xEF\xBF\xBD\xC3\xA4\""));
}

void TestJsonWriter::floatsComeBackBitForBit() {
    std::mt19937 random(1);
    std::vector<float> values{0.0F,
                              -0.0F,
                              1.0F,
                              std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::lowest(),
                              std::numeric_limits<float>::min(),
                              std::numeric_limits<float>::denorm_min(),
                              -1.17549435e-38F};
    while (values.size() < 20000)
        if (const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random())); std::isfinite(value))
            values.push_back(value);
    const std::string text = written([&](JsonWriter& w) { w.floats(values.data(), values.size()); });
    const auto parsed = nlohmann::json::parse(text);
    QCOMPARE(parsed.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE(std::bit_cast<std::uint32_t>(parsed[i].get<float>()), std::bit_cast<std::uint32_t>(values[i]));
}

void TestJsonWriter::numbersThatJsonDoesNotKnowAreNull() {
    const float values[] = {std::numeric_limits<float>::infinity(), 1.5F, std::numeric_limits<float>::quiet_NaN()};
    QCOMPARE(written([&](JsonWriter& w) { w.floats(values, 3); }), std::string("[null,1.5,null]"));
    QCOMPARE(written([&](JsonWriter& w) { w.floats(values, 0); }), std::string("[]"));
    QCOMPARE(written([](JsonWriter& w) { w.number(std::numeric_limits<double>::quiet_NaN()); }), std::string("null"));
    QCOMPARE(written([](JsonWriter& w) { w.number(3.0); }), std::string("3"));
    QCOMPARE(written([](JsonWriter& w) { w.number(0.1); }), std::string("0.1"));
}

void TestJsonWriter::base64IsWhatOthersRead() {
    std::string bytes;
    for (int length = 0; length < 70; ++length) {
        const std::string text = written([&](JsonWriter& w) { w.bytesAsBase64(bytes); });
        const QByteArray expected = QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64();
        QCOMPARE(text, '"' + expected.toStdString() + '"');
        bytes += static_cast<char>(length * 37 + 200);
    }
}

void TestJsonWriter::messagesLeaveOutWhatIsNotKnown() {
    v1::Model model;
    model.set_model_id("org/repo");
    model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    model.mutable_created_at()->set_seconds(1764844200);
    model.mutable_created_at()->set_nanos(123000000);
    (*model.mutable_config()->mutable_fields())["max_length"].set_number_value(512);
    QCOMPARE(toJson(model), std::string(R"({"model_id":"org/repo","task_type":"txt2embed","config":{"max_length":512},)"
                                        R"("created_at":"2025-12-04T10:30:00.123Z","tags":[],"current":false,)"
                                        R"("deprecated":false,"files":[]})"));
    v1::ModelStatus status;
    status.set_model_id("org/repo");
    status.set_state(v1::MODEL_STATE_UNHEALTHY);
    status.mutable_last_failure()->set_code("WORKER_CRASHED");
    status.mutable_last_failure()->set_message("gone");
    (*status.mutable_last_failure()->mutable_facts()->mutable_fields())["signal"].set_string_value("SIGSEGV");
    const auto json = nlohmann::json::parse(toJson(status));
    QVERIFY(json.at("state") == std::string("unhealthy"));
    QVERIFY(json.at("last_failure").at("error_code") == std::string("WORKER_CRASHED"));
    QVERIFY(json.at("last_failure").at("details").at("signal") == std::string("SIGSEGV"));
    QVERIFY(!json.contains("pid"));
    QVERIFY(json.contains("in_flight"));
}

QTEST_APPLESS_MAIN(TestJsonWriter)
#include "test_json_writer.moc"
