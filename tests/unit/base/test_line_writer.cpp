// Lines to a reader that keeps up, stalls, or has gone.
#include "engine/base/line_writer.h"

#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>

using mm::LineWriter;
using namespace std::chrono_literals;

namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) == 0)
            std::tie(read, write) = std::pair(ends[0], ends[1]);
    }
    ~Pipe() {
        ::close(read);
        ::close(write);
    }
    // What is there, and whatever comes until it holds `end`.
    std::string readUntil(const std::string& end) const {
        std::string all;
        std::array<char, 4096> piece{};
        while (!all.ends_with(end))
            all.append(piece.data(), static_cast<std::size_t>(::read(read, piece.data(), piece.size())));
        return all;
    }

    int read = -1;
    int write = -1;
};

LineWriter::Options options(std::size_t mostBytes = 1U << 20) {
    return {mostBytes, 50ms, [](std::int64_t lines) { return std::to_string(lines) + " lines lost"; }};
}

} // namespace

class TestLineWriter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void linesComeInOrderAndTheLastIsWrittenAtTheEnd();
    void aReaderThatStallsBlocksNobodyAndIsToldWhatItMissed();
    void aReaderThatHasGoneBlocksNobody();
};

void TestLineWriter::linesComeInOrderAndTheLastIsWrittenAtTheEnd() {
    const Pipe pipe;
    {
        LineWriter writer(pipe.write, options());
        for (int i = 0; i < 100; ++i)
            writer.write(std::to_string(i));
        writer.write(std::string(10'000, 'x'));
        writer.write("end");
    }
    const std::string all = pipe.readUntil("end\n");
    QVERIFY(all.starts_with("0\n1\n2\n"));
    QVERIFY(all.ends_with("99\n" + std::string(10'000, 'x') + "\nend\n"));
}

void TestLineWriter::aReaderThatStallsBlocksNobodyAndIsToldWhatItMissed() {
    const Pipe pipe;
    LineWriter writer(pipe.write, options(200'000));
    constexpr int kLines = 100'000;
    for (int i = 0; i < kLines; ++i)
        writer.write("line " + std::to_string(i));
    // Every line is either there or counted.
    int written = 0;
    int lost = 0;
    while (written + lost < kLines) {
        std::istringstream lines(pipe.readUntil("\n"));
        for (std::string line; std::getline(lines, line);)
            if (line.ends_with(" lines lost"))
                lost += std::stoi(line);
            else
                ++written;
    }
    QVERIFY(lost > 0);
    QCOMPARE(written + lost, kLines);
}

void TestLineWriter::aReaderThatHasGoneBlocksNobody() {
    const Pipe pipe;
    std::signal(SIGPIPE, SIG_IGN);
    const int write = ::dup(pipe.write);
    {
        LineWriter writer(write, options(10'000));
        for (int i = 0; i < 100'000; ++i)
            writer.write("nobody reads this");
    } // ends though most of it can never be written
    ::close(write);
}

QTEST_APPLESS_MAIN(TestLineWriter)
#include "test_line_writer.moc"
