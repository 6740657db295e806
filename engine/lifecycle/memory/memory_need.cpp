#include "engine/lifecycle/memory/memory_need.h"

#include <algorithm>
#include <cstdio>

namespace mm::lifecycle {

std::int64_t bytesOn(const ByDevice& bytes, std::string_view device) {
    const auto found =
        std::find_if(bytes.begin(), bytes.end(), [&](const DeviceBytes& line) { return line.device == device; });
    return found == bytes.end() ? 0 : found->bytes;
}

void addTo(ByDevice& sum, const ByDevice& more, std::int64_t factor) {
    for (const DeviceBytes& line : more) {
        const auto found =
            std::find_if(sum.begin(), sum.end(), [&](const DeviceBytes& s) { return s.device == line.device; });
        if (found == sum.end())
            sum.push_back({line.device, factor * line.bytes});
        else
            found->bytes += factor * line.bytes;
    }
}

std::string_view sourceName(EstimateSource source) {
    switch (source) {
    case EstimateSource::Files:
        return "files";
    case EstimateSource::Declared:
        return "declared";
    case EstimateSource::Measured:
        return "measured";
    }
    return "files";
}

ByDevice totals(const MemoryNeed& need) {
    ByDevice sum;
    for (const MemoryEstimate& estimate : need)
        addTo(sum, {{estimate.device, estimate.total()}});
    return sum;
}

v1::MemoryEstimate toProto(const MemoryEstimate& estimate) {
    v1::MemoryEstimate message;
    message.set_weights_bytes(estimate.weightsBytes);
    message.set_activation_bytes(estimate.activationBytes);
    message.set_runtime_bytes(estimate.runtimeBytes);
    message.set_source(std::string(sourceName(estimate.source)));
    return message;
}

std::string inMegabytes(std::int64_t bytes) {
    constexpr double kMegabyte = 1e6;
    constexpr double kGigabyte = 1e9;
    const auto value = static_cast<double>(bytes);
    char text[32];
    if (value >= 10 * kGigabyte)
        std::snprintf(text, sizeof text, "%.2f GB", value / kGigabyte);
    else
        std::snprintf(text, sizeof text, value >= 10 * kMegabyte ? "%.0f MB" : "%.1f MB", value / kMegabyte);
    return text;
}

} // namespace mm::lifecycle
