#include "worker/session/memory_limit.h"

#include "engine/base/log.h"
#include "worker/runtime/failure.h"
#include "worker/session/memory_report.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

namespace mm::worker {
namespace {

// Address space that loading maps and does not fill: blocks for weights and scratch memory, thread stacks.
constexpr std::int64_t kUnfilled = std::int64_t(320) << 20;
constexpr std::int64_t kUnfilledPerThread = std::int64_t(16) << 20;

thread_local bool t_essential = false;

// One step of the raise, and all of them: enough for a frame on its way in and one on its way out.
constexpr rlim_t kRaise = rlim_t(16) << 20;
constexpr int kMostRaises = 40;
std::atomic<int> s_raises{0};

// Called by operator new when malloc has failed; it tries again if this returns.
void onNoMemory() {
    rlimit limit{};
    ::getrlimit(RLIMIT_DATA, &limit);
    const bool more = limit.rlim_cur != RLIM_INFINITY && limit.rlim_max - limit.rlim_cur >= kRaise;
    if (!t_essential || !more || s_raises.fetch_add(1) >= kMostRaises)
        throw std::bad_alloc();
    limit.rlim_cur += kRaise;
    ::setrlimit(RLIMIT_DATA, &limit);
}

std::string inMebibytes(std::int64_t bytes) {
    return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB";
}

// The kernel counts what is mapped, filled or not.
void allow(std::int64_t more) {
    rlimit limit{};
    ::getrlimit(RLIMIT_DATA, &limit);
    const auto wanted = static_cast<rlim_t>(mappedPrivateBytes() + std::max<std::int64_t>(0, more));
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    if (::setrlimit(RLIMIT_DATA, &limit) != 0)
        log::warning("the worker's memory cannot be limited", {{"system_error", std::strerror(errno)}});
}

// LibTorch says "you tried to allocate 1234 bytes".
std::optional<std::int64_t> bytesAsked(const std::string& message) {
    constexpr std::string_view kBefore = "tried to allocate ";
    const std::size_t at = message.find(kBefore);
    if (at == std::string::npos)
        return std::nullopt;
    const std::int64_t bytes = std::strtoll(message.c_str() + at + kBefore.size(), nullptr, 10);
    return bytes > 0 ? std::optional(bytes) : std::nullopt;
}

} // namespace

EssentialWork::EssentialWork() {
    std::set_new_handler(onNoMemory);
    t_essential = true;
}

EssentialWork::~EssentialWork() {
    t_essential = false;
}

WorkThatMayFail::WorkThatMayFail() : m_before(std::exchange(t_essential, false)) {}

WorkThatMayFail::~WorkThatMayFail() {
    t_essential = m_before;
}

void MemoryLimit::begin(std::int64_t bytes, int threads) {
    m_bytes = bytes;
    if (bytes > 0)
        allow(bytes - memoryReport().private_bytes() + kUnfilled + kUnfilledPerThread * threads);
}

void MemoryLimit::checkLoaded() {
    const std::int64_t limit = m_bytes;
    if (limit <= 0)
        return;
    const std::int64_t held = memoryReport().private_bytes();
    if (held > limit)
        throw Failure(ErrorCode::InsufficientMemory,
                      "the loaded model holds " + inMebibytes(held) + " of private memory", {{"bytes", held}});
    allow(limit - held);
}

void MemoryLimit::explain(Error& error) const {
    if (error.code != ErrorCode::InsufficientMemory)
        return;
    const modelmora::worker::v1::Memory memory = memoryReport();
    if (const auto asked = bytesAsked(error.message))
        error.facts.try_emplace("bytes", *asked);
    error.facts["resident_bytes"] = memory.resident_bytes();
    error.facts["private_bytes"] = memory.private_bytes();
    const std::int64_t limit = m_bytes;
    if (limit <= 0)
        return;
    error.facts["limit_bytes"] = limit;
    error.message += "; this worker may hold " + inMebibytes(limit) + " of private memory and holds " +
                     inMebibytes(memory.private_bytes()) +
                     ": send fewer or shorter inputs, or raise config.memory_limit_mb";
}

} // namespace mm::worker
