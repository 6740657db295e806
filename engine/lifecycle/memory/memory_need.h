// What loading one instance of a model takes, device by device: predicted before the load, measured after it. Plain
// values, any thread. A device is named as the worker names it: "cpu", "cuda:0" …; "cpu" is the host's memory.
#pragma once

#include "modelmora/v1/management.pb.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::lifecycle {

namespace v1 = modelmora::v1;

inline constexpr const char* kHostDevice = "cpu";

struct DeviceBytes {
    std::string device;
    std::int64_t bytes = 0;

    bool operator==(const DeviceBytes&) const = default;
};

// At most one line for each device.
using ByDevice = std::vector<DeviceBytes>;

// 0 for a device without a line.
[[nodiscard]] std::int64_t bytesOn(const ByDevice& bytes, std::string_view device);
// Adds `factor` times `more`, making lines where there are none.
void addTo(ByDevice& sum, const ByDevice& more, std::int64_t factor = 1);

// Where an estimate comes from, weakest first.
enum class EstimateSource {
    Files,    // headers of the weight files and the configuration
    Declared, // the registration says so
    Measured, // an earlier load of the same model, version, device and dtype
};
std::string_view sourceName(EstimateSource source);

// The parts of what one device must hold for an instance.
struct MemoryEstimate {
    std::string device = kHostDevice;
    std::int64_t weightsBytes = 0;
    std::int64_t activationBytes = 0; // what the largest batch needs beyond the loaded model
    std::int64_t runtimeBytes = 0;    // the worker itself: libraries' data, tokenizer, thread stacks, allocator
    EstimateSource source = EstimateSource::Files;

    [[nodiscard]] std::int64_t total() const { return weightsBytes + activationBytes + runtimeBytes; }
};

// One line for each device that the instance uses; the host's is always there.
using MemoryNeed = std::vector<MemoryEstimate>;

[[nodiscard]] ByDevice totals(const MemoryNeed& need);
v1::MemoryEstimate toProto(const MemoryEstimate& estimate);

// "1.5 MB", "512 MB", "12.40 GB", for sentences. Powers of ten, as budgets are given.
std::string inMegabytes(std::int64_t bytes);

} // namespace mm::lifecycle
