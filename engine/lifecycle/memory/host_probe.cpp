#include "engine/lifecycle/memory/host_probe.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace mm::lifecycle {
namespace {

namespace fs = std::filesystem;
using Fields = std::map<std::string, std::int64_t, std::less<>>;

std::optional<std::int64_t> numberIn(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{})
        return std::nullopt;
    return value;
}

// Lines of "name value …"; what has no number is left out.
Fields readFields(const fs::path& file) {
    Fields fields;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string name;
        std::string value;
        if (words >> name >> value)
            if (const auto number = numberIn(value))
                fields.emplace(std::move(name), *number);
    }
    return fields;
}

std::int64_t field(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? 0 : found->second;
}

// "max" means without a limit, and so does a file that is not there: the root group has none.
std::int64_t readLimit(const fs::path& file) {
    std::ifstream in(file);
    std::string text;
    in >> text;
    return numberIn(text).value_or(std::numeric_limits<std::int64_t>::max());
}

// The groups of this process from its own up to the root, where the unified hierarchy is in use.
std::vector<fs::path> groupsOf(const KernelRoots& roots) {
    std::vector<fs::path> groups;
    std::ifstream in(roots.proc / "self" / "cgroup");
    constexpr std::string_view kUnified = "0::/";
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(kUnified))
            continue;
        const fs::path inside = fs::path(line.substr(kUnified.size())).lexically_normal();
        // A path that leads out of what this process may see names no folder here.
        if (inside.empty() || *inside.begin() == "..") {
            groups.push_back(roots.cgroup);
            break;
        }
        for (fs::path at = inside; !at.empty() && at != "."; at = at.parent_path())
            groups.push_back(roots.cgroup / at);
        groups.push_back(roots.cgroup);
    }
    return groups;
}

} // namespace

HostProbe::HostProbe(KernelRoots roots) : m_roots(std::move(roots)), m_groups(groupsOf(m_roots)) {}

std::vector<DeviceMemory> HostProbe::devices() {
    const Fields system = readFields(m_roots.proc / "meminfo");
    constexpr std::int64_t kKilobyte = 1024;
    DeviceMemory host{kHostDevice, "host memory", field(system, "MemTotal:") * kKilobyte,
                      field(system, "MemAvailable:") * kKilobyte};
    for (const fs::path& group : m_groups) {
        const std::int64_t limit = std::min(readLimit(group / "memory.max"), readLimit(group / "memory.high"));
        if (limit == std::numeric_limits<std::int64_t>::max())
            continue;
        if (limit < host.totalBytes) {
            host.totalBytes = limit;
            host.name = "host memory of control group " + group.filename().string();
        }
        const Fields held = readFields(group / "memory.stat");
        const std::int64_t cached = field(held, "inactive_file") + field(held, "active_file");
        const std::int64_t used = std::max<std::int64_t>(0, readLimit(group / "memory.current") - cached);
        host.availableBytes = std::min(host.availableBytes, std::max<std::int64_t>(0, limit - used));
    }
    return {host};
}

std::optional<ByDevice> HostProbe::processMemory(std::int64_t pid) {
    const Fields status = readFields(m_roots.proc / std::to_string(pid) / "status");
    // A process that has ended but was not waited for still has a file, without these lines.
    if (!status.contains("RssAnon:"))
        return std::nullopt;
    constexpr std::int64_t kKilobyte = 1024;
    return ByDevice{
        {kHostDevice, (field(status, "RssAnon:") + field(status, "RssShmem:") + field(status, "VmSwap:")) * kKilobyte}};
}

} // namespace mm::lifecycle
