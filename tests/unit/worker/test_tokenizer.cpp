#include "tests/unit/worker/small_tokenizer.h"
#include "worker/runtime/failure.h"
#include "worker/text/tokenizer.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using mm::ErrorCode;
using mm::worker::Failure;
using mm::worker::PairOfTexts;
using mm::worker::TokenBuffer;
using mm::worker::Tokenizer;

namespace {

using Ids = QList<int>;

std::filesystem::path write(const QTemporaryDir& dir, const QByteArray& text) {
    const std::filesystem::path path = dir.filePath(QStringLiteral("tokenizer.json")).toStdString();
    std::ofstream(path, std::ios::binary).write(text.constData(), text.size());
    return path;
}

Ids encode(const Tokenizer& tokenizer, std::string_view text, std::size_t maxTokens = 100) {
    TokenBuffer buffer;
    tokenizer.encode({&text, 1}, {maxTokens, true}, buffer);
    return Ids(buffer.ids().begin(), buffer.ids().end());
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void textsBecomeIdsWithTheirSpecialTokens_data();
    void textsBecomeIdsWithTheirSpecialTokens();
    void cuttingKeepsTheSpecialTokensAndTellsTheTotal();
    void severalTextsLieEndToEnd();
    void aVeryLongTextIsReadOnlyAsFarAsItsTokensAreKept();
    void lowerCasingCanBeAsked();
    void whatIsNoTokenizerIsRefusedByName_data();
    void whatIsNoTokenizerIsRefusedByName();
    void invalidUtf8IsRefused();
    void pairsOfOneQueryAreReadAsEachAlone();
    void invalidUtf8InAPairIsRefusedByItsPlace();

private:
    QTemporaryDir m_dir;
    std::optional<Tokenizer> m_tokenizer;
};

void TestTokenizer::initTestCase() {
    m_tokenizer = Tokenizer::open(write(m_dir, smallTokenizer()), false);
    QCOMPARE(m_tokenizer->vocabularySize(), 10);
    QCOMPARE(m_tokenizer->specialBefore(), 1);
    QCOMPARE(m_tokenizer->specialAfter(), 1);
}

void TestTokenizer::textsBecomeIdsWithTheirSpecialTokens_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Ids>("ids");
    QTest::newRow("words") << QByteArray("A cat sat.") << Ids{2, 4, 5, 7, 8, 3};
    QTest::newRow("pieces") << QByteArray("cats") << Ids{2, 5, 6, 3};
    QTest::newRow("nothing") << QByteArray("") << Ids{2, 3};
    QTest::newRow("white space") << QByteArray(" \t\r\n ") << Ids{2, 3};
    QTest::newRow("unknown word") << QByteArray("dog a") << Ids{2, 1, 4, 3};
    QTest::newRow("NUL bytes") << QByteArray("a\0cat", 5) << Ids{2, 1, 3};
    QTest::newRow("control characters vanish") << QByteArray("c\x01"
                                                             "at")
                                               << Ids{2, 5, 3};
    QTest::newRow("accents are stripped") << QByteArray("\xC3\x89") << Ids{2, 9, 3};
    QTest::newRow("an unknown character") << QByteArray("\xF0\x9F\x99\x82") << Ids{2, 1, 3};
    QTest::newRow("special tokens in the text") << QByteArray("a [SEP] a") << Ids{2, 4, 3, 4, 3};
    QTest::newRow("a word over the limit") << QByteArray(101, 'a') << Ids{2, 1, 3};
}

void TestTokenizer::textsBecomeIdsWithTheirSpecialTokens() {
    QFETCH(QByteArray, text);
    QFETCH(Ids, ids);
    QCOMPARE(encode(*m_tokenizer, {text.constData(), static_cast<std::size_t>(text.size())}), ids);
}

void TestTokenizer::cuttingKeepsTheSpecialTokensAndTellsTheTotal() {
    TokenBuffer buffer;
    const std::string_view text = "a cat sat a cat sat";
    m_tokenizer->encode({&text, 1}, {4, true}, buffer);
    QCOMPARE(Ids(buffer.ids().begin(), buffer.ids().end()), (Ids{2, 4, 5, 3}));
    QCOMPARE(buffer.totals()[0], 8U);
    QCOMPARE(encode(*m_tokenizer, text, 8).size(), 8);
    QCOMPARE(encode(*m_tokenizer, text, 2), (Ids{2, 3}));
}

void TestTokenizer::severalTextsLieEndToEnd() {
    TokenBuffer buffer;
    const std::vector<std::string_view> texts{"a", "", "cat sat"};
    m_tokenizer->encode(texts, {100, false}, buffer);
    QCOMPARE(Ids(buffer.ids().begin(), buffer.ids().end()), (Ids{2, 4, 3, 2, 3, 2, 5, 7, 3}));
    QVERIFY(std::vector(buffer.ends().begin(), buffer.ends().end()) == (std::vector<std::uint32_t>{3, 5, 9}));
    QVERIFY(buffer.typeIds().empty());
}

void TestTokenizer::aVeryLongTextIsReadOnlyAsFarAsItsTokensAreKept() {
    std::string text;
    for (int i = 0; i < 200'000; ++i)
        text += i % 3 == 0 ? "cat " : "a ";
    const std::string_view view = text;
    TokenBuffer part;
    m_tokenizer->encode({&view, 1}, {64, false}, part);
    QVERIFY(part.exact()[0] == 0);
    QVERIFY(part.totals()[0] > 64 && part.totals()[0] < 20'000);
    QCOMPARE(Ids(part.ids().begin(), part.ids().end()), encode(*m_tokenizer, view, 64));
    TokenBuffer whole;
    m_tokenizer->encode({&view, 1}, {64, true}, whole);
    QCOMPARE(whole.totals()[0], 200'002U);
}

void TestTokenizer::lowerCasingCanBeAsked() {
    const QTemporaryDir dir;
    const auto path = write(dir, smallTokenizer().replace("\"lowercase\":true", "\"lowercase\":false"));
    QCOMPARE(encode(Tokenizer::open(path, false), "CAT"), (Ids{2, 1, 3}));
    QCOMPARE(encode(Tokenizer::open(path, true), "CAT"), (Ids{2, 5, 3}));
}

void TestTokenizer::whatIsNoTokenizerIsRefusedByName_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("tokens");
    QTest::newRow("no tokenizer") << QByteArray("{}");
    QTest::newRow("cut short") << smallTokenizer().chopped(40);
    QTest::newRow("an unknown model") << smallTokenizer().replace("\"WordPiece\"", "\"Telepathy\"");
}

void TestTokenizer::whatIsNoTokenizerIsRefusedByName() {
    QFETCH(QByteArray, text);
    const QTemporaryDir dir;
    const auto path = write(dir, text);
    try {
        (void)Tokenizer::open(path, false);
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        QVERIFY(failure.error.code == ErrorCode::InvalidModelFiles);
        QVERIFY2(failure.error.message.starts_with(path.string()), failure.what());
    }
}

void TestTokenizer::invalidUtf8IsRefused() {
    TokenBuffer buffer;
    const std::vector<std::string_view> texts{"a", "\xC3("};
    try {
        m_tokenizer->encode(texts, {100, false}, buffer);
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        QVERIFY(failure.error.code == ErrorCode::InvalidInput);
        QVERIFY2(failure.error.message.starts_with("text 1 is not valid UTF-8"), failure.what());
    }
}

void TestTokenizer::pairsOfOneQueryAreReadAsEachAlone() {
    QCOMPARE(m_tokenizer->pairSpecial().value_or(0), 3);
    const std::string_view query = "a cat";
    const std::vector<PairOfTexts> pairs{{query, "sat"}, {query, ""}, {"e", "a"}};
    TokenBuffer together;
    m_tokenizer->encodePairs(pairs, {100, false}, together);
    QCOMPARE(Ids(together.ids().begin(), together.ids().end()), (Ids{2, 4, 5, 3, 7, 3, 2, 4, 5, 3, 3, 2, 9, 3, 4, 3}));
    QCOMPARE(Ids(together.typeIds().begin(), together.typeIds().end()),
             (Ids{0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1}));
    QCOMPARE(together.totals()[1], 5U);
}

void TestTokenizer::invalidUtf8InAPairIsRefusedByItsPlace() {
    TokenBuffer buffer;
    const std::vector<PairOfTexts> pairs{{"a", "a"}, {"a", "\xC3("}};
    try {
        m_tokenizer->encodePairs(pairs, {100, false}, buffer);
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        QVERIFY(failure.error.code == ErrorCode::InvalidInput);
        QVERIFY2(failure.error.message.starts_with("the second text of pair 1 is not valid UTF-8"), failure.what());
    }
}

QTEST_APPLESS_MAIN(TestTokenizer)
#include "test_tokenizer.moc"
