// OutputTail: cuts what a worker prints into lines and keeps the last of them, bounded in count and length whatever it
// prints. Lines are valid UTF-8 without control characters. Plain value, one thread.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::lifecycle {

class OutputTail {
public:
    static constexpr std::size_t kLines = 40;
    static constexpr std::size_t kLineBytes = 200;

    // `onLine` hears each line as it completes.
    explicit OutputTail(std::function<void(const std::string&)> onLine) : m_onLine(std::move(onLine)) {}

    void append(std::string_view bytes);
    // What came without a newline at the end counts as a line.
    void finish();
    [[nodiscard]] std::vector<std::string> lines() const { return {m_lines.begin(), m_lines.end()}; }

private:
    void endLine();

    std::function<void(const std::string&)> m_onLine;
    std::deque<std::string> m_lines;
    std::string m_partial;
    bool m_cut = false;
};

} // namespace mm::lifecycle
