// What an engine leaves for the next one.
#include "engine/events/event_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace mm;
using namespace mm::events;

namespace {

EventLog::Past past() {
    EventLog::Past past{1'000, {}};
    for (std::int64_t id = 1'001; id <= 1'100; ++id) {
        v1::Event& event = past.events.emplace_back();
        event.set_id(id);
        event.set_type("model.loaded");
        event.set_message("m\n" + std::string(static_cast<std::size_t>(id % 300), '\0'));
    }
    return past;
}

std::filesystem::path in(const QTemporaryDir& folder) {
    return std::filesystem::path(folder.path().toStdString()) / "events.bin";
}

} // namespace

class TestEventFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsReadOnce();
    void withoutAFileNothingIsKnown();
    void aDamagedFileIsNotBelieved();
    void aFolderThatIsGoneIsSaid();
};

void TestEventFile::whatIsWrittenIsReadOnce() {
    const QTemporaryDir folder;
    const EventLog::Past written = past();
    QVERIFY(writeEventFile(in(folder), written).ok());
    const auto read = takeEventFile(in(folder));
    QVERIFY(read.has_value());
    QCOMPARE(read->forgotten, written.forgotten);
    QCOMPARE(read->events.size(), written.events.size());
    for (std::size_t i = 0; i < written.events.size(); ++i)
        QCOMPARE(read->events[i].SerializeAsString(), written.events[i].SerializeAsString());
    QVERIFY(!takeEventFile(in(folder)));
    QVERIFY(std::filesystem::is_empty(in(folder).parent_path()));
}

void TestEventFile::withoutAFileNothingIsKnown() {
    const QTemporaryDir folder;
    QVERIFY(!takeEventFile(in(folder)));
    QVERIFY(writeEventFile(in(folder), {77, {}}).ok());
    const auto read = takeEventFile(in(folder));
    QCOMPARE(read->forgotten, std::int64_t(77));
    QVERIFY(read->events.empty());
}

void TestEventFile::aDamagedFileIsNotBelieved() {
    const QTemporaryDir folder;
    QVERIFY(writeEventFile(in(folder), past()).ok());
    std::ifstream file(in(folder), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    file.close();
    std::string otherOrder = whole;
    otherOrder.replace(otherOrder.find("1000"), 4, "1050");
    for (const std::string& bytes :
         {whole.substr(0, whole.size() - 1), whole.substr(0, 5), std::string("x") + whole, otherOrder, std::string()}) {
        std::ofstream(in(folder), std::ios::binary) << bytes;
        QVERIFY(!takeEventFile(in(folder)));
        QVERIFY(!std::filesystem::exists(in(folder)));
    }
}

void TestEventFile::aFolderThatIsGoneIsSaid() {
    const auto written = writeEventFile("/nowhere/at/all/events.bin", past());
    QVERIFY(!written.ok());
    QCOMPARE(written.error().code, ErrorCode::StorageFailed);
}

QTEST_GUILESS_MAIN(TestEventFile)
#include "test_event_file.moc"
