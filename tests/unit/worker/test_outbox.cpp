// Answers on their way out of the worker: one that is alone goes straight to the socket, never past another frame.
#include "worker/session/outbox.h"

#include <QtTest>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

using namespace mm;
using namespace mm::worker;
using modelmora::worker::v1::WorkerFrame;

namespace {

WorkerFrame answer(std::uint64_t id) {
    WorkerFrame frame;
    frame.mutable_output()->set_id(id);
    frame.mutable_output()->set_last(true);
    return frame;
}

bool isReadable(int fd) {
    pollfd polled{fd, POLLIN, 0};
    return ::poll(&polled, 1, 0) == 1;
}

} // namespace

class TestOutbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        std::array<int, 2> ends{};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        m_link = std::make_unique<EngineLink>(ends[0]);
        m_outbox = std::make_unique<Outbox>(*m_link);
        m_engine = ends[1];
    }
    void cleanup() { ::close(m_engine); }

    void anAnswerThatIsAloneIsSentAtOnce() {
        m_outbox->pushAnswers({answer(7)});
        QCOMPARE(sentIds(), (std::vector<std::uint64_t>{7}));
        QVERIFY(!isReadable(m_outbox->wakeFd()));
        QCOMPARE(m_outbox->takeAnswered(), (std::vector<std::uint64_t>{7}));
        QVERIFY(m_outbox->takeAnswered().empty());
    }

    void severalAnswersAreLeftToTheOtherThread() {
        m_outbox->pushAnswers({answer(1), answer(2)});
        QVERIFY(!isReadable(m_engine));
        QVERIFY(isReadable(m_outbox->wakeFd()));
        QCOMPARE(m_outbox->take().size(), std::size_t{2});
        QVERIFY(m_outbox->takeAnswered().empty());
    }

    void noAnswerOvertakesWhatWasBeforeIt() {
        m_outbox->push(answer(1));
        m_outbox->pushAnswers({answer(2)}); // behind what nobody has taken
        std::vector<WorkerFrame> taken = m_outbox->take();
        QCOMPARE(taken.size(), std::size_t{2});
        m_outbox->pushAnswers({answer(3)}); // behind what is taken and not sent
        QVERIFY(!isReadable(m_engine));
        for (const WorkerFrame& frame : taken)
            QVERIFY(m_link->send(frame).ok());
        m_outbox->passedOn();
        for (const WorkerFrame& frame : m_outbox->take())
            QVERIFY(m_link->send(frame).ok());
        m_outbox->passedOn();
        m_outbox->pushAnswers({answer(4)}); // behind what the socket has not taken
        for (const WorkerFrame& frame : m_outbox->take())
            QVERIFY(m_link->send(frame).ok());
        m_outbox->passedOn();
        QVERIFY(m_link->flush().ok());
        m_outbox->pushAnswers({answer(5)});
        QCOMPARE(sentIds(), (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
    }

private:
    std::vector<std::uint64_t> sentIds() {
        ipc::FrameReader reader;
        std::vector<std::uint64_t> ids;
        const ssize_t got = ::recv(m_engine, reader.prepare(1 << 16), 1 << 16, MSG_DONTWAIT);
        reader.commit(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
        for (auto next = reader.next(); next.ok() && *next; next = reader.next()) {
            WorkerFrame frame;
            if (!frame.ParseFromArray((*next)->data(), static_cast<int>((*next)->size())))
                return {};
            ids.push_back(frame.output().id());
        }
        return ids;
    }

    std::unique_ptr<EngineLink> m_link;
    std::unique_ptr<Outbox> m_outbox;
    int m_engine = -1;
};

QTEST_GUILESS_MAIN(TestOutbox)
#include "test_outbox.moc"
