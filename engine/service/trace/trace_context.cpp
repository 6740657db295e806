#include "engine/service/trace/trace_context.h"

#include "engine/base/ids.h"

#include <algorithm>
#include <atomic>

namespace mm::service {
namespace {

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;
constexpr std::size_t kLength = 55; // 00-<32>-<16>-<2>
constexpr int kMostMembers = 32;
constexpr std::size_t kLongestKey = 256;
constexpr std::size_t kLongestValue = 256;
constexpr std::size_t kLongestState = 8192;

std::atomic<double> s_share{0};

bool isHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool isId(std::string_view text) {
    return isHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string newSpanId() {
    std::string id = newUuid();
    std::erase(id, '-');
    return id.substr(id.size() - kSpanDigits);
}

bool isKey(std::string_view key) {
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("_-*/@").find(c) != std::string_view::npos;
    };
    return !key.empty() && key.size() <= kLongestKey && std::all_of(key.begin(), key.end(), isPlain) &&
           std::isalnum(static_cast<unsigned char>(key.front())) != 0;
}

bool isValue(std::string_view value) {
    return !value.empty() && value.size() <= kLongestValue && value.back() != ' ' &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '='; });
}

bool isState(std::string_view state) {
    if (state.size() > kLongestState)
        return false;
    int members = 0;
    while (!state.empty()) {
        const std::size_t comma = std::min(state.find(','), state.size());
        std::string_view member = state.substr(0, comma);
        state.remove_prefix(std::min(comma + 1, state.size()));
        const std::size_t begin = member.find_first_not_of(" \t");
        if (begin == std::string_view::npos)
            continue; // an empty member is allowed
        member = member.substr(begin, member.find_last_not_of(" \t") - begin + 1);
        const std::size_t equals = member.find('=');
        if (equals == std::string_view::npos || !isKey(member.substr(0, equals)) ||
            !isValue(member.substr(equals + 1)) || ++members > kMostMembers)
            return false;
    }
    return true;
}

} // namespace

TraceContext readTraceContext(std::string_view traceparent, std::string_view tracestate) {
    if (traceparent.size() < kLength || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-')
        return {};
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace = traceparent.substr(3, kTraceDigits);
    const std::string_view parent = traceparent.substr(36, kSpanDigits);
    const std::string_view flags = traceparent.substr(53, 2);
    if (!isHex(version) || version == "ff" || !isId(trace) || !isId(parent) || !isHex(flags))
        return {};
    // A later version may say more, after another dash.
    if (traceparent.size() > kLength && (version == "00" || traceparent[kLength] != '-'))
        return {};
    TraceContext context{std::string(trace), std::string(parent), newSpanId(), std::string(flags), {}};
    if (isState(tracestate))
        context.state = tracestate;
    return context;
}

void startTraces(double share) {
    s_share.store(share, std::memory_order_relaxed);
}

TraceContext newTraceContext() {
    const double share = s_share.load(std::memory_order_relaxed);
    if (share <= 0)
        return {};
    std::string traceId = newUuid();
    std::erase(traceId, '-');
    // The last digits of a random UUID are random.
    constexpr std::size_t kDrawn = 12;
    const std::string drawn = traceId.substr(traceId.size() - kDrawn);
    constexpr double kAll = 281'474'976'710'656.0; // 2^48
    if (static_cast<double>(std::stoull(drawn, nullptr, 16)) >= share * kAll)
        return {};
    return {std::move(traceId), {}, newSpanId(), "01", {}};
}

std::string traceResponse(const TraceContext& context) {
    return "00-" + context.traceId + '-' + context.spanId + '-' + context.flags;
}

} // namespace mm::service
