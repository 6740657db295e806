#include "engine/ipc/frame.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <QTest>

using mm::ipc::appendFrame;
using mm::ipc::FrameReader;
using modelmora::worker::v1::EngineFrame;

class TestFrame : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void messagesSurviveAnySlicingOfTheStream();
    void aLengthOverTheLimitIsRefusedBeforeItIsRead();
};

void TestFrame::messagesSurviveAnySlicingOfTheStream() {
    std::string stream;
    for (std::uint64_t id = 0; id < 50; ++id) {
        EngineFrame frame;
        frame.mutable_cancel()->set_id(id);
        if (id % 7 == 0)
            frame.mutable_load()->set_path(std::string(id * 1000, 'x'));
        QVERIFY(appendFrame(frame, stream).ok());
    }
    for (const std::size_t slice : {1U, 3U, 4U, 5U, 1000U, 65536U}) {
        FrameReader reader;
        int count = 0;
        for (std::size_t at = 0; at < stream.size(); at += slice) {
            reader.append(std::string_view(stream).substr(at, slice));
            for (;;) {
                auto next = reader.next();
                QVERIFY(next.ok());
                if (!*next)
                    break;
                EngineFrame frame;
                QVERIFY(frame.ParseFromArray((*next)->data(), static_cast<int>((*next)->size())));
                if (count % 7 == 0)
                    QCOMPARE(frame.load().path().size(), static_cast<std::size_t>(count) * 1000);
                else
                    QCOMPARE(frame.cancel().id(), static_cast<std::uint64_t>(count));
                ++count;
            }
        }
        QCOMPARE(count, 50);
        QCOMPARE(reader.buffered(), std::size_t(0));
    }
}

void TestFrame::aLengthOverTheLimitIsRefusedBeforeItIsRead() {
    FrameReader reader(1000);
    reader.append(std::string("\xE9\x03\x00\x00", 4));
    QVERIFY(!reader.next().ok());
    reader.append("more");
    QVERIFY(!reader.next().ok());
}

QTEST_APPLESS_MAIN(TestFrame)
#include "test_frame.moc"
