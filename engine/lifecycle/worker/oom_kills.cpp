#include "engine/lifecycle/worker/oom_kills.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace mm::lifecycle {
namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

std::optional<std::int64_t> counterIn(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ')
            continue;
        std::int64_t value = 0;
        const auto [rest, problem] = std::from_chars(line.data() + name.size() + 1, line.data() + line.size(), value);
        return problem == std::errc() && value >= 0 ? std::optional(value) : std::nullopt;
    }
    return std::nullopt;
}

std::string_view unifiedGroup(std::string_view cgroupFile) {
    constexpr std::string_view kUnified = "0::";
    for (std::size_t begin = 0; begin < cgroupFile.size();) {
        const std::size_t end = std::min(cgroupFile.find('\n', begin), cgroupFile.size());
        const std::string_view line = cgroupFile.substr(begin, end - begin);
        if (line.starts_with(kUnified))
            return line.substr(kUnified.size());
        begin = end + 1;
    }
    return {};
}

std::optional<std::int64_t> oomKills() {
    const std::string groups = contents("/proc/self/cgroup");
    const std::string group(unifiedGroup(groups));
    if (!group.empty())
        if (const auto count = counterIn(contents("/sys/fs/cgroup" + group + "/memory.events"), "oom_kill"))
            return count;
    return counterIn(contents("/proc/vmstat"), "oom_kill");
}

} // namespace mm::lifecycle
