#include "engine/files/safetensors_header.h"

#include <QTest>

#include <cstdint>
#include <string>

using mm::ErrorCode;
using mm::parseSafetensorsHeader;
using mm::Result;
using mm::SafetensorsHeader;

namespace {

std::string file(const std::string& header, std::size_t dataBytes) {
    std::string bytes;
    for (unsigned i = 0; i < 8; ++i)
        bytes.push_back(static_cast<char>((header.size() >> (8 * i)) & 0xFFU));
    return bytes + header + std::string(dataBytes, '\0');
}

Result<SafetensorsHeader> parse(const std::string& bytes) {
    return parseSafetensorsHeader(bytes, bytes.size(), "m.safetensors");
}

// The refusal's sentence, or an empty text where the file was taken.
QString refusal(const std::string& bytes) {
    const auto parsed = parse(bytes);
    if (parsed.ok())
        return {};
    return parsed.error().code == ErrorCode::InvalidModelFiles ? QString::fromStdString(parsed.error().message)
                                                               : QStringLiteral("(another code)");
}

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape, const std::string& at) {
    const std::string typed = "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":";
    return typed + shape + ",\"data_offsets\":" + at + "}";
}

} // namespace

class TestSafetensorsHeader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void placesTypesAndShapesAreReadInFileOrder();
    void scalarsAndEmptyTensorsAreTaken();
    void hostileFilesAreRefusedWithTheReason_data();
    void hostileFilesAreRefusedWithTheReason();
    void theRefusalCarriesFileTensorAndBothNumbers();
};

void TestSafetensorsHeader::placesTypesAndShapesAreReadInFileOrder() {
    const std::string header = "{" + tensor("b", "BF16", "[2,3]", "[8,20]") + "," + tensor("a", "F32", "[2]", "[0,8]") +
                               R"(,"__metadata__":{"format":"pt"}}   )";
    const SafetensorsHeader parsed = parse(file(header, 20)).value();
    QCOMPARE(parsed.tensors.size(), std::size_t(2));
    QCOMPARE(parsed.tensors[0].name, std::string("a"));
    QCOMPARE(parsed.tensors[1].name, std::string("b"));
    QCOMPARE(parsed.tensors[1].begin, std::uint64_t(8 + header.size() + 8));
    QCOMPARE(parsed.tensors[1].elements(), std::int64_t(6));
    QCOMPARE(parsed.tensorBytes(), std::uint64_t(20));
    QCOMPARE(parsed.metadata.at("format"), std::string("pt"));
}

void TestSafetensorsHeader::scalarsAndEmptyTensorsAreTaken() {
    const SafetensorsHeader parsed =
        parse(file("{" + tensor("empty", "F32", "[0,4]", "[0,0]") + "," + tensor("scalar", "F64", "[]", "[0,8]") + "}",
                   8))
            .value();
    QCOMPARE(parsed.tensors.size(), std::size_t(2));
    QCOMPARE(parsed.tensorBytes(), std::uint64_t(8));
    QCOMPARE(parse(file("{}", 0))->tensorBytes(), std::uint64_t(0));
}

void TestSafetensorsHeader::hostileFilesAreRefusedWithTheReason_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const std::string& bytes, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(reason);
    };
    const auto one = [](const std::string& dtype, const std::string& shape, const std::string& at, std::size_t data) {
        return file("{" + tensor("t", dtype, shape, at) + "}", data);
    };
    row("nothing", "", "0 bytes, too few");
    row("a length cut short", std::string(7, 'x'), "7 bytes, too few");
    row("a header of 2^60", std::string("\0\0\0\0\0\0\0\x10", 8) + "{}", "claims 1152921504606846976 bytes");
    row("a header of 2^64-1", std::string(8, '\xFF') + "{}", "claims 18446744073709551615 bytes");
    row("a header behind the end", std::string("\x10\0\0\0\0\0\0\0", 8) + "{}", "claims 16 bytes, but only 2 follow");
    row("no JSON", file("abc", 0), "not valid JSON");
    row("no object", file("[1,2]", 0), "not a JSON object");
    row("invalid UTF-8", file("{\"\xFF\xFE\":1}", 0), "not valid JSON");
    row("JSON with a tail", file("{} {}", 0), "not valid JSON");
    row("JSON too deep", file("{\"t\":[[[[[1]]]]]}", 0), "nested deeper than 4");
    row("a thousand levels", file(std::string(1000, '['), 0), "nested deeper than 4");
    row("a tensor twice",
        file("{" + tensor("t", "U8", "[1]", "[0,1]") + "," + tensor("t", "U8", "[1]", "[1,2]") + "}", 2),
        "'t' appears twice");
    row("a tensor that is no object", file(R"({"t":7})", 0), "tensor 't' is described by number");
    row("no dtype", file(R"({"t":{"shape":[],"data_offsets":[0,0]}})", 0), "has no \"dtype\"");
    row("an unknown member", file(R"({"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}})", 0), "member \"x\"");
    row("an unknown dtype", one("F31", "[1]", "[0,4]", 4), "unknown dtype 'F31'");
    row("a dtype that is a number", file(R"({"t":{"dtype":1,"shape":[],"data_offsets":[0,0]}})", 0), "not a text");
    row("a negative size", one("U8", "[-1]", "[0,1]", 1), "size -1");
    row("a fraction as size", one("U8", "[1.5]", "[0,1]", 1), "size 1.5");
    row("a shape that is no list", one("U8", "4", "[0,4]", 4), "\"shape\" that is not a list");
    row("a product over 2^64", one("F32", "[4294967296,4294967296]", "[0,4]", 4), "more than memory can address");
    row("a product that wraps to zero", one("U8", "[9223372036854775807,2,1]", "[0,0]", 0), "more than memory");
    row("half a byte", one("F4", "[1]", "[0,1]", 1), "does not end on a byte");
    row("a negative offset", one("U8", "[1]", "[-1,0]", 1), "data_offsets [-1,0]");
    row("three offsets", one("U8", "[1]", "[0,1,2]", 1), "data_offsets [0,1,2]");
    row("begin behind end", one("U8", "[1]", "[1,0]", 1), "begins at byte 1, behind its end at 0");
    row("an end behind the file", one("U8", "[8]", "[0,8]", 4), "ends at byte 8, but the file holds only 4");
    row("an end of 2^64-1", one("U8", "[8]", "[0,18446744073709551615]", 4), "ends at byte 18446744073709551615");
    row("a size that is not its shape's", one("F32", "[2]", "[0,4]", 4), "needs 8 bytes, but its data_offsets span 4");
    row("an overlap", file("{" + tensor("a", "U8", "[4]", "[0,4]") + "," + tensor("b", "U8", "[4]", "[2,6]") + "}", 6),
        "overlaps tensor 'a'");
    row("a hole", file("{" + tensor("a", "U8", "[1]", "[0,1]") + "," + tensor("b", "U8", "[1]", "[2,3]") + "}", 3),
        "leaving a hole from byte 1");
    row("a tail", one("U8", "[1]", "[0,1]", 5), "end at byte 1, but 5 bytes");
    row("metadata that is no text", file(R"({"__metadata__":{"a":1}})", 0), "'a', which is not a text");
}

void TestSafetensorsHeader::hostileFilesAreRefusedWithTheReason() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const QString said = refusal(bytes.toStdString());
    QVERIFY2(said.contains(reason), qPrintable(said));
    QVERIFY2(said.startsWith(QStringLiteral("m.safetensors")), qPrintable(said));
}

void TestSafetensorsHeader::theRefusalCarriesFileTensorAndBothNumbers() {
    const auto parsed = parse(file("{" + tensor("t", "F32", "[2]", "[0,4]") + "}", 4));
    QVERIFY(!parsed.ok());
    const mm::Facts& facts = parsed.error().facts;
    QCOMPARE(std::get<std::string>(facts.at("file")), std::string("m.safetensors"));
    QCOMPARE(std::get<std::string>(facts.at("tensor")), std::string("t"));
    QCOMPARE(std::get<std::int64_t>(facts.at("wanted_bytes")), std::int64_t(8));
    QCOMPARE(std::get<std::int64_t>(facts.at("found_bytes")), std::int64_t(4));
}

QTEST_APPLESS_MAIN(TestSafetensorsHeader)
#include "test_safetensors_header.moc"
