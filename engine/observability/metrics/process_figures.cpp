#include "engine/observability/metrics/process_figures.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace mm::observability {
namespace {

// Fields of /proc/PID/stat, counted from 0 behind the state.
constexpr std::size_t kUserTime = 10;
constexpr std::size_t kSystemTime = 11;
constexpr std::size_t kThreads = 16;
constexpr std::size_t kStart = 18;
constexpr std::size_t kVirtual = 19;
constexpr std::size_t kResident = 20;

// When the machine started, in seconds since 1970.
double bootTime() {
    static const double boot = [] {
        std::ifstream stat("/proc/stat");
        for (std::string line; std::getline(stat, line);)
            if (line.starts_with("btime "))
                return std::stod(line.substr(6));
        return 0.0;
    }();
    return boot;
}

using Numbers = std::array<std::int64_t, kResident + 1>;

// Read by hand: streams take ten times as long, and there are many workers.
std::optional<Numbers> numbersOf(const std::string& stat) {
    const int file = ::open(stat.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    std::array<char, 1024> text{};
    const ssize_t size = ::read(file, text.data(), text.size());
    ::close(file);
    const std::string_view line(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::size_t name = line.rfind(')'); // the name may hold anything
    if (name == std::string_view::npos || name + 4 > line.size())
        return std::nullopt;
    Numbers numbers{};
    const char* at = line.data() + name + 3; // behind ") S"
    const char* const end = line.data() + line.size();
    for (std::int64_t& number : numbers) {
        while (at != end && *at == ' ')
            ++at;
        const auto [next, problem] = std::from_chars(at, end, number);
        if (problem != std::errc{})
            return std::nullopt;
        at = next;
    }
    return numbers;
}

} // namespace

std::optional<ProcessFigures> readProcess(std::int64_t pid) {
    const auto numbers = numbersOf("/proc/" + (pid == 0 ? std::string("self") : std::to_string(pid)) + "/stat");
    if (!numbers)
        return std::nullopt;
    const auto at = [&numbers](std::size_t field) { return (*numbers)[field]; };
    static const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    ProcessFigures figures;
    figures.cpuSeconds = static_cast<double>(at(kUserTime) + at(kSystemTime)) / ticks;
    figures.threads = at(kThreads);
    figures.startSeconds = bootTime() + static_cast<double>(at(kStart)) / ticks;
    figures.virtualBytes = at(kVirtual);
    figures.residentBytes = at(kResident) * page;
    return figures;
}

OpenFiles readOpenFiles() {
    OpenFiles files;
    std::error_code failure;
    for (std::filesystem::directory_iterator at("/proc/self/fd", failure), end; !failure && at != end;
         at.increment(failure))
        ++files.open;
    files.open = files.open > 0 ? files.open - 1 : 0; // the one that this looked with
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        files.most = static_cast<std::int64_t>(limit.rlim_cur);
    return files;
}

} // namespace mm::observability
