#include "engine/lifecycle/memory/memory_estimator.h"

#include "engine/base/cpu_features.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

namespace mm::lifecycle {
namespace {

namespace fs = std::filesystem;

const google::protobuf::Value* find(const LoadSpec& spec, const char* name) {
    const auto found = spec.config.fields().find(name);
    return found == spec.config.fields().end() ? nullptr : &found->second;
}

std::string text(const LoadSpec& spec, const char* name) {
    const auto* value = find(spec, name);
    return value == nullptr ? std::string() : value->string_value();
}

std::int64_t number(const LoadSpec& spec, const char* name, std::int64_t fallback) {
    const auto* value = find(spec, name);
    const double given = value == nullptr ? 0 : value->number_value();
    return given >= 1 && given <= 1e9 ? static_cast<std::int64_t>(given) : fallback;
}

// As the worker decides it.
std::string dtypeFor(const LoadSpec& spec) {
    std::string wanted = text(spec, "dtype");
    if (wanted == "fp32" || wanted == "bf16")
        return wanted;
    return nativeBf16() != nullptr ? "bf16" : "fp32";
}

LoadShape shapeOf(const LoadSpec& spec, const std::string& device, const std::string& dtype) {
    LoadShape shape;
    shape.device = device;
    shape.dtype = dtype;
    shape.batchMaxTokens = number(spec, "batch_max_tokens", shape.batchMaxTokens);
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    shape.threads = spec.threads > 0 ? spec.threads : cores;
    return shape;
}

MemoryNeed needFrom(const Measurement& seen, const std::string& device) {
    const bool onHost = device == kHostDevice;
    MemoryEstimate model;
    model.device = device;
    model.source = EstimateSource::Measured;
    const std::int64_t total = onHost ? seen.measuredBytes : seen.deviceBytes;
    model.weightsBytes = std::clamp<std::int64_t>(seen.weightsBytes, 0, total);
    model.activationBytes = std::clamp<std::int64_t>(seen.activationBytes, 0, total - model.weightsBytes);
    model.runtimeBytes = total - model.weightsBytes - model.activationBytes;
    if (onHost)
        return {model};
    return {{kHostDevice, 0, 0, seen.measuredBytes, EstimateSource::Measured}, model};
}

// The declared sum replaces the parts that were only guessed; the weights are known.
void declare(MemoryEstimate& estimate, std::int64_t bytes) {
    if (bytes <= 0)
        return;
    estimate.source = EstimateSource::Declared;
    estimate.weightsBytes = std::min(estimate.weightsBytes, bytes);
    estimate.activationBytes = std::min(estimate.activationBytes, bytes - estimate.weightsBytes);
    estimate.runtimeBytes = bytes - estimate.weightsBytes - estimate.activationBytes;
}

// What tells that a folder's files are still the same, without reading them.
std::string stampOf(const fs::path& folder) {
    std::string stamp;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
        std::error_code ignored;
        const auto time = entry->last_write_time(ignored).time_since_epoch().count();
        const bool file = entry->is_regular_file(ignored);
        const auto size = file ? entry->file_size(ignored) : 0;
        stamp.append(entry->path().filename().string()).append("|").append(std::to_string(size)).append("|");
        stamp.append(std::to_string(time)).append("\n");
    }
    return stamp;
}

} // namespace

Result<std::string> MemoryEstimator::deviceFor(const LoadSpec& spec) const {
    std::string wanted = text(spec, "device");
    const auto there = [&](const std::string& device) {
        return std::any_of(m_devices.begin(), m_devices.end(), [&](const auto& each) { return each.device == device; });
    };
    if (wanted.empty() || wanted == "auto") {
        // The worker has the last word (it may lack the CUDA libraries), so what it did last time is the best guess.
        std::string best = there("cuda:0") ? "cuda:0" : kHostDevice;
        std::optional<WallTime> newest;
        for (const DeviceMemory& device : m_devices)
            if (const auto seen = m_measurements.find({spec.modelId, spec.version, device.device, dtypeFor(spec)});
                seen && (!newest || seen->updatedAt > *newest)) {
                newest = seen->updatedAt;
                best = device.device;
            }
        return best;
    }
    if (wanted == "cuda")
        wanted = "cuda:0";
    if (there(wanted))
        return wanted;
    return Error{ErrorCode::DeviceUnavailable,
                 spec.modelId + " is to use " + wanted +
                     ", which this machine does not show. Set its device to 'cpu' or 'auto', or install the driver.",
                 {{"device", wanted}}};
}

Result<Prediction> MemoryEstimator::predict(const LoadSpec& spec) {
    Prediction prediction;
    MM_TRY(prediction.device, deviceFor(spec));
    prediction.dtype = dtypeFor(spec);
    const auto seen = m_measurements.find({spec.modelId, spec.version, prediction.device, prediction.dtype});
    if (seen) {
        prediction.need = needFrom(*seen, prediction.device);
        prediction.loadMs = seen->loadMs;
        return prediction;
    }
    const Result<FileFacts>& known = facts(spec.path);
    if (!known.ok())
        prediction.problem = known.error();
    prediction.need =
        estimateFromFiles(known.ok() ? known.value() : FileFacts{}, shapeOf(spec, prediction.device, prediction.dtype));
    for (MemoryEstimate& estimate : prediction.need)
        declare(estimate, estimate.device == kHostDevice ? spec.declaredBytes : spec.declaredGpuBytes);
    return prediction;
}

const Result<FileFacts>& MemoryEstimator::facts(const std::string& folder) {
    std::string stamp = stampOf(folder);
    const auto found = m_facts.find(folder);
    if (found != m_facts.end() && found->second.stamp == stamp)
        return found->second.facts;
    return m_facts.insert_or_assign(folder, Remembered{std::move(stamp), readFileFacts(folder)}).first->second.facts;
}

} // namespace mm::lifecycle
