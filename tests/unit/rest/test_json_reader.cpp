#include "engine/ipc/utf8.h"
#include "engine/rest/json/json_reader.h"

#include <QTest>

using namespace mm;
using rest::JsonKind;
using rest::JsonNumber;
using rest::JsonReader;

namespace {

std::string errorOf(std::string_view text) {
    JsonReader reader(text);
    reader.skip();
    reader.end();
    return reader.isBroken() ? reader.error().message : std::string();
}

std::string read(std::string_view text) {
    JsonReader reader(text);
    std::string out;
    return reader.readString(out) && reader.end() ? out : "broken: " + reader.error().message;
}

} // namespace

class TestJsonReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsJsonIsRead_data();
    void whatIsJsonIsRead();
    void whatIsNotIsRefusedWithItsPlace_data();
    void whatIsNotIsRefusedWithItsPlace();
    void escapesBecomeText();
    void depthIsBounded();
    void aKeyAmongManyMayNotComeTwice();
    void numbersKeepTheirRange();
    void everyInvalidSequenceOfUtf8IsFound_data();
    void everyInvalidSequenceOfUtf8IsFound();
};

void TestJsonReader::whatIsJsonIsRead_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"{}", "[]", " [ ] ", "0", "-0", "1e3", "-1.5E-7", "\"\"", "true", "false", "null",
                             "[1,2,[3,{\"a\":null}]]", "{\"a\":1,\"b\":{\"a\":1}}", "\t\n\r {\"\":\"\"} \n",
                             "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"", "[1e400]", "{\"a\":[{\"a\":1},{\"a\":1}]}"})
        QTest::newRow(text) << QByteArray(text);
}

void TestJsonReader::whatIsJsonIsRead() {
    QFETCH(QByteArray, text);
    QCOMPARE(QString::fromStdString(errorOf(text.toStdString())), QString());
}

void TestJsonReader::whatIsNotIsRefusedWithItsPlace_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* text, const char* says) {
        QTest::newRow(text) << QByteArray(text) << QString::fromUtf8(says);
    };
    row("", "line 1, column 1: expected a value, found the end");
    row("{", "column 2: expected a key in double quotes, found the end");
    row("{\n \"a\": 1,\n}", "line 3, column 1: expected a key in double quotes, found '}'");
    row("{\"a\" 1}", "column 6: expected ':', found '1'");
    row("{\"a\":1 \"b\":2}", "column 8: expected ',' or '}', found '\"'");
    row("{'a':1}", "column 2: expected a key in double quotes");
    row("[1,]", "column 4: expected a value, found ']'");
    row("[1 2]", "column 4: expected ',' or ']', found '2'");
    row("[1", "column 3: expected ',' or ']', found the end");
    row("01", "01 is not a JSON number");
    row("1.", "1. is not a JSON number");
    row("-", "- is not a JSON number");
    row("1e", "1e is not a JSON number");
    row("+1", "expected a value, found '+'");
    row("NaN", "expected a value, found 'N'");
    row("nul", "expected null");
    row("tru", "expected true");
    row("{} {}", "column 4: expected nothing more, found '{'");
    row("\"abc", "column 1: this string does not end");
    row("\"a\tb\"", "a control character in a string must be escaped");
    row("\"\\x\"", "unknown escape");
    row("\"\\u12\"", "four hexadecimal digits");
    row("\"\\ud83d\"", "half of a surrogate pair");
    row("\"\\ude00\\ud83d\"", "half of a surrogate pair");
    row("\"\\", "unknown escape");
    row("{\"a\":1,\"\\u0061\":2}", "column 8: the key \"a\" is given twice");
    row("\"\xC3\xA4\xFF\"", "column 3: byte 0xFF is not valid UTF-8");
    row("\xEF\xBB\xBF{}", "byte order mark");
}

void TestJsonReader::whatIsNotIsRefusedWithItsPlace() {
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const QString error = QString::fromStdString(errorOf(text.toStdString()));
    QVERIFY2(error.contains(says), error.toUtf8().constData());
}

void TestJsonReader::escapesBecomeText() {
    QCOMPARE(read("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\""), std::string("a\"\\/\b\f\n\r\tz"));
    QCOMPARE(read("\"\\u00e4\\u20ac\\ud83d\\uDE00\""), std::string("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
    QCOMPARE(read("\"a\\u0000b\""), std::string("a\0b", 3));
}

void TestJsonReader::depthIsBounded() {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    QVERIFY(errorOf(nested(JsonReader::kMaxDepth)).empty());
    QVERIFY(errorOf(nested(JsonReader::kMaxDepth + 1)).find("nested deeper than") != std::string::npos);
    QVERIFY(!errorOf(std::string(1'000'000, '[')).empty());
}

void TestJsonReader::aKeyAmongManyMayNotComeTwice() {
    std::string text = "{";
    for (int i = 0; i < 1000; ++i)
        text += "\"k" + std::to_string(i) + "\":0,";
    QVERIFY(errorOf(text + "\"new\":0}").empty());
    QVERIFY(errorOf(text + "\"k3\":0}").find("given twice") != std::string::npos);
    QVERIFY(errorOf(text + "\"k999\":0}").find("given twice") != std::string::npos);
}

void TestJsonReader::numbersKeepTheirRange() {
    QCOMPARE(*JsonNumber{"9223372036854775807"}.asInteger(), std::int64_t{9223372036854775807});
    QVERIFY(!JsonNumber{"9223372036854775808"}.asInteger());
    QVERIFY(!JsonNumber{"1.5"}.asInteger());
    QVERIFY(!JsonNumber{"1e300"}.asInteger());
    QCOMPARE(*JsonNumber{"3.0"}.asInteger(), std::int64_t{3});
    QCOMPARE(*JsonNumber{"1e3"}.asInteger(), std::int64_t{1000});
    QVERIFY(!JsonNumber{"1e400"}.asDouble());
    QCOMPARE(*JsonNumber{"1e-400"}.asDouble(), 0.0);
}

void TestJsonReader::everyInvalidSequenceOfUtf8IsFound_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("at");
    const auto row = [](const char* name, const QByteArray& text, int at) { QTest::newRow(name) << text << at; };
    row("lone continuation", "ab\x80", 2);
    row("overlong slash", "\xC0\xAF", 0);
    row("overlong of three", "\xE0\x80\xAF", 0);
    row("overlong of four", "\xF0\x80\x80\xAF", 0);
    row("surrogate", "abcdefgh\xED\xA0\x80", 8);
    row("beyond U+10FFFF", "\xF4\x90\x80\x80", 0);
    row("0xF5", "\xF5\x80\x80\x80", 0);
    row("cut short", "abc\xE2\x82", 3);
    row("in the second word", "0123456789ab\xFF", 12);
    row("fine", "\xC3\xA4\xE2\x82\xAC\xF4\x8F\xBF\xBF", -1);
}

void TestJsonReader::everyInvalidSequenceOfUtf8IsFound() {
    QFETCH(QByteArray, text);
    QFETCH(int, at);
    QCOMPARE(static_cast<int>(firstInvalidUtf8(text.toStdString())), at);
}

QTEST_APPLESS_MAIN(TestJsonReader)
#include "test_json_reader.moc"
