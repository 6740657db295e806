// How much of one turn of the event loop a peer can take.
#include "engine/ipc/frame.h"
#include "engine/lifecycle/link/frame_channel.h"
#include "modelmora/worker/v1/worker.pb.h"
#include "tests/support/await.h"

#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using namespace mm;
using namespace mm::lifecycle;

namespace {

class Reader final : public FrameChannel::Listener {
public:
    void onFrame(std::string_view payload) override {
        bytes += payload.size() + ipc::kFrameHeaderBytes;
        if (onFirst)
            std::exchange(onFirst, nullptr)();
    }
    void onBrokenStream(const Error&) override {}
    void onEndOfStream() override { ended = true; }

    std::size_t bytes = 0;
    bool ended = false;
    std::function<void()> onFirst;
};

} // namespace

class TestFrameChannel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPeerThatSendsWithoutEndGetsABoundedShareOfATurn();
};

void TestFrameChannel::aPeerThatSendsWithoutEndGetsABoundedShareOfATurn() {
    std::array<int, 2> ends{};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    std::atomic<bool> enough = false;
    std::thread flood([&] {
        modelmora::worker::v1::WorkerFrame frame;
        frame.mutable_load_progress()->set_stage(std::string(100, 'x'));
        std::string bytes;
        while (bytes.size() < (1U << 20))
            (void)ipc::appendFrame(frame, bytes);
        while (!enough)
            for (std::size_t sent = 0; sent < bytes.size();) {
                const ssize_t count = ::send(ends[1], bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
                if (count <= 0)
                    return;
                sent += static_cast<std::size_t>(count);
            }
        ::shutdown(ends[1], SHUT_RDWR);
    });
    Reader reader;
    FrameChannel channel(ends[0], reader);
    // What is posted at the first frame has its turn before the fifth megabyte, though the flood never pauses.
    std::optional<std::size_t> atNextTurn;
    QObject here;
    reader.onFirst = [&] {
        QMetaObject::invokeMethod(
            &here, [&] { atNextTurn = reader.bytes; }, Qt::QueuedConnection);
    };
    QVERIFY(test::awaitUntil([&] { return atNextTurn.has_value(); }));
    QVERIFY2(*atNextTurn <= (5U << 20), std::to_string(*atNextTurn).c_str());
    enough = true;
    QVERIFY(test::awaitUntil([&] { return reader.ended; }));
    flood.join();
    ::close(ends[1]);
}

QTEST_GUILESS_MAIN(TestFrameChannel)
#include "test_frame_channel.moc"
