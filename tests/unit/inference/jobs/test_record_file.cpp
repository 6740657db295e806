// Files of records, whole and damaged in every way: a precise error, never a crash, never wrong bytes.
#include "engine/inference/jobs/store/record_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>

using namespace mm;
using namespace mm::inference;

namespace {

const std::vector<std::string>& records() {
    static const std::vector<std::string> made{"first", "", std::string(5000, 'x'), std::string("\0\xff\n", 3)};
    return made;
}

// What can be read of it; nothing where anything is wrong.
std::optional<std::vector<std::string>> readAll(const std::filesystem::path& file, Error* why = nullptr) {
    const auto failed = [why](const Error& error) {
        if (why != nullptr)
            *why = error;
        return std::nullopt;
    };
    const auto reader = RecordReader::open(file);
    if (!reader.ok())
        return failed(reader.error());
    const auto index = reader->index();
    if (!index.ok())
        return failed(index.error());
    std::vector<std::string> found;
    for (const std::int64_t begins : *index) {
        auto record = reader->read(begins);
        if (!record.ok())
            return failed(record.error());
        found.push_back(std::move(record->bytes));
    }
    return found;
}

} // namespace

class TestRecordFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void whatWasWrittenIsRead();
    void goingOnCutsOffWhatWasNotNoted();
    void aFileThatLacksWhatWasNotedIsRefused();
    void everyTruncationIsNoticed();
    void everyFlippedBitIsNoticed();
    void randomBytesAreNoRecords();
    void claimsBeyondTheFileAreRefusedBeforeAnythingIsRead();
    void whatIsNoFileIsRefused();
    void aFullDiskLeavesTheFileAsItWas();
    void theHashIsThatOfTheWholeFile();

private:
    [[nodiscard]] std::filesystem::path file() const { return m_folder->filePath(QStringLiteral("f")).toStdString(); }
    void write() const;
    [[nodiscard]] QByteArray bytes() const;
    void setBytes(const QByteArray& bytes) const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRecordFile::write() const {
    auto writer = RecordWriter::create(file());
    QVERIFY(writer.ok());
    for (const std::string& record : records())
        QVERIFY(writer->append(record).ok());
    QVERIFY(writer->sync().ok());
}

QByteArray TestRecordFile::bytes() const {
    QFile in(QString::fromStdString(file().string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

void TestRecordFile::setBytes(const QByteArray& bytes) const {
    QFile out(QString::fromStdString(file().string()));
    QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(out.write(bytes), bytes.size());
}

void TestRecordFile::whatWasWrittenIsRead() {
    write();
    QVERIFY(readAll(file()) == records());
    auto renamed = RecordWriter::create(file());
    QVERIFY(renamed->append("new").ok());
    const auto other = m_folder->filePath(QStringLiteral("published")).toStdString();
    QVERIFY(renamed->publish(other).ok());
    QVERIFY(readAll(other) == std::vector<std::string>{"new"});
    QVERIFY(!std::filesystem::exists(file()));
}

void TestRecordFile::goingOnCutsOffWhatWasNotNoted() {
    auto writer = RecordWriter::create(file());
    QVERIFY(writer->append("kept").ok());
    const std::int64_t noted = writer->bytes();
    QVERIFY(writer->append("not noted").ok());
    auto again = RecordWriter::resume(file(), noted);
    QCOMPARE(*again->append("instead"), noted);
    const std::vector<std::string> expected{"kept", "instead"};
    QVERIFY(readAll(file()) == expected);
}

void TestRecordFile::aFileThatLacksWhatWasNotedIsRefused() {
    write();
    const auto writer = RecordWriter::resume(file(), 1 << 20);
    QVERIFY(!writer.ok());
    QCOMPARE(writer.error().code, ErrorCode::StorageDamaged);
}

void TestRecordFile::everyTruncationIsNoticed() {
    write();
    const QByteArray whole = bytes();
    std::set<qsizetype> ends; // of whole records: there the rest is simply not there
    const auto reader = RecordReader::open(file());
    const auto index = reader->index();
    ends.insert(index->begin(), index->end());
    for (qsizetype length = 0; length < whole.size(); length += length < 200 ? 1 : 97) {
        setBytes(whole.left(length));
        Error why;
        const auto found = readAll(file(), &why);
        QCOMPARE(found.has_value(), ends.contains(length));
        if (!found)
            QCOMPARE(why.code, ErrorCode::StorageDamaged);
    }
}

void TestRecordFile::everyFlippedBitIsNoticed() {
    write();
    const QByteArray whole = bytes();
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) {
        QByteArray damaged = whole;
        const auto at = static_cast<qsizetype>(i < 120 ? i : random() % static_cast<unsigned>(whole.size()));
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (random() % 8)));
        setBytes(damaged);
        Error why;
        QVERIFY2(!readAll(file(), &why), qPrintable(QString::number(at)));
        QCOMPARE(why.code, ErrorCode::StorageDamaged);
        QVERIFY(why.facts.contains("offset"));
    }
}

void TestRecordFile::randomBytesAreNoRecords() {
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) {
        QByteArray noise = i % 2 == 0 ? QByteArray("MMREC 1\n") : QByteArray();
        const auto length = random() % 200 + 1;
        for (unsigned j = 0; j < length; ++j)
            noise.append(static_cast<char>(random()));
        setBytes(noise);
        Error why;
        QVERIFY(!readAll(file(), &why));
        QCOMPARE(why.code, ErrorCode::StorageDamaged);
    }
}

void TestRecordFile::claimsBeyondTheFileAreRefusedBeforeAnythingIsRead() {
    setBytes(QByteArray("MMREC 1\n\xff\xff\xff\xff", 12) + QByteArray(100, 'x'));
    Error why;
    QVERIFY(!readAll(file(), &why));
    QVERIFY2(QString::fromStdString(why.message).contains(QStringLiteral("claims 4294967295 bytes")),
             why.message.c_str());
    const auto reader = RecordReader::open(file());
    for (const std::int64_t begins : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{108}, std::int64_t{1} << 60})
        QVERIFY(!reader->read(begins).ok());
}

void TestRecordFile::whatIsNoFileIsRefused() {
    QVERIFY(!readAll(m_folder->path().toStdString()));
    QVERIFY(!readAll(file()));
    std::filesystem::create_symlink("/dev/zero", file());
    QVERIFY(!readAll(file()));
}

void TestRecordFile::aFullDiskLeavesTheFileAsItWas() {
    auto writer = RecordWriter::create(file());
    QVERIFY(writer->append("kept").ok());
    // A limit on the size of files stands in for a full disk: what fits is written, then the write fails.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{4096, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto appended = writer->append(std::string(10'000, 'x'));
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!appended.ok());
    QCOMPARE(appended.error().code, ErrorCode::StorageFull);
    QVERIFY(readAll(file()) == std::vector<std::string>{"kept"});
    QVERIFY(writer->append("later").ok());
    const std::vector<std::string> expected{"kept", "later"};
    QVERIFY(readAll(file()) == expected);
}

void TestRecordFile::theHashIsThatOfTheWholeFile() {
    auto writer = RecordWriter::create(file());
    QVERIFY(writer->append("some record").ok());
    const QByteArray expected = QCryptographicHash::hash(bytes(), QCryptographicHash::Sha256).toHex();
    QCOMPARE(QByteArray::fromStdString(writer->sha256()), expected);
}

QTEST_GUILESS_MAIN(TestRecordFile)
#include "test_record_file.moc"
