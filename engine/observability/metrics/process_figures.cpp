#include "engine/observability/metrics/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

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

std::vector<std::int64_t> numbersOf(const std::filesystem::path& stat) {
    std::ifstream file(stat);
    std::string text;
    if (!std::getline(file, text))
        return {};
    const std::size_t name = text.rfind(')'); // the name may hold anything
    if (name == std::string::npos || name + 4 > text.size())
        return {};
    std::istringstream rest(text.substr(name + 4)); // ") S "
    return {std::istream_iterator<std::int64_t>(rest), {}};
}

} // namespace

std::optional<ProcessFigures> readProcess(std::int64_t pid) {
    const auto numbers = numbersOf(std::filesystem::path("/proc") / (pid == 0 ? "self" : std::to_string(pid)) / "stat");
    if (numbers.size() <= kResident)
        return std::nullopt;
    const auto at = [&numbers](std::size_t field) { return numbers[field]; };
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
