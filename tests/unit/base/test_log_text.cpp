// What of a value may reach a terminal, and which lines are remembered.
#include "engine/base/logs/log_control.h"
#include "engine/base/logs/plain_text.h"
#include "engine/base/logs/recent_lines.h"

#include <QtTest>

using namespace mm;

class TestLogText final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void controlsAndMarksOfDirectionAreEscaped() {
        QCOMPARE(log::withoutControls("plain, ü and 日本 stay"), std::string("plain, ü and 日本 stay"));
        QCOMPARE(log::withoutControls("a\x7f"), std::string("a\\u007f"));
        QCOMPARE(log::withoutControls("\xc2\x9b"
                                      "31m"),
                 std::string("\\u009b31m"));
        QCOMPARE(log::withoutControls("x\xe2\x80\xaey\xe2\x80\xa8z"), std::string("x\\u202ey\\u2028z"));
        QCOMPARE(log::withoutControls("\xc3"), std::string("\xc3")); // cut off: left to whoever checks UTF-8
    }

    void theLastLinesAreRemembered() {
        log::RecentLines lines(3, 100);
        for (const char* line : {"1", "2", "3", "4"})
            lines.add(line);
        QCOMPARE(lines.last(10), (std::vector<std::string>{"2", "3", "4"}));
        QCOMPARE(lines.last(1), std::vector<std::string>{"4"});
        lines.add(std::string(99, 'x'));
        QCOMPARE(lines.last(10).size(), std::size_t{2});
        lines.add(std::string(500, 'y')); // larger than all there is room for: it alone
        QCOMPARE(lines.last(10).size(), std::size_t{1});
    }

    void linesAreCountedByLevelAndTheLevelChanges() {
        const auto before = log::lineCounts();
        log::setLevel(log::Level::Warning);
        log::info("not written");
        log::warning("written", {{"evil\nname", "value\x1b[31m"}});
        log::setLevel(log::Level::Info);
        const auto after = log::lineCounts();
        QCOMPARE(after.written[2], before.written[2]);
        QCOMPARE(after.written[3], before.written[3] + 1);
        const std::string last = log::recentLines(1).front();
        QVERIFY(last.find('\n') == std::string::npos && last.find('\x1b') == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestLogText)
#include "test_log_text.moc"
