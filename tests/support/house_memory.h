// HouseMemory: the memory of a WorkerHouse's machine, as scripted: how large each model is said to be and turns out to
// be, how much there is, and what other programs hold of it. Keeps measurements in memory. One thread.
#pragma once

#include "engine/lifecycle/ports.h"
#include "engine/lifecycle/worker/process_table.h"

#include <functional>
#include <map>
#include <string>

namespace mm::test {

class HouseMemory final : public lifecycle::MemoryProbe,
                          public lifecycle::LoadPredictor,
                          public lifecycle::MeasurementStore {
public:
    static constexpr std::int64_t kMb = 1'000'000;

    std::int64_t totalBytes = 1'000'000 * kMb;
    std::int64_t othersBytes = 0;
    // Which model a process serves; set by the house.
    std::function<std::string(std::int64_t)> modelOf;

    // Unknown models have 1 MB and take as much.
    void size(const std::string& key, std::int64_t predictedMb, std::int64_t measuredMb) {
        m_sizes[key] = {predictedMb * kMb, measuredMb * kMb};
    }
    void size(const std::string& key, std::int64_t mb) { size(key, mb, mb); }

    std::vector<lifecycle::DeviceMemory> devices() override {
        std::int64_t held = othersBytes;
        for (const auto& [pid, bytes] : m_processes)
            held += lifecycle::isProcessGone(pid) ? 0 : bytes;
        return {{lifecycle::kHostDevice, "the test's machine", totalBytes, totalBytes - held}};
    }
    std::optional<lifecycle::ByDevice> processMemory(std::int64_t pid) override {
        if (lifecycle::isProcessGone(pid))
            return std::nullopt;
        const std::int64_t bytes = sizeOf(modelOf(pid)).measured;
        m_processes[pid] = bytes;
        return lifecycle::ByDevice{{lifecycle::kHostDevice, bytes}};
    }
    Result<lifecycle::Prediction> predict(const lifecycle::LoadSpec& spec) override {
        lifecycle::MemoryEstimate estimate;
        estimate.weightsBytes = sizeOf(spec.modelId + "@" + spec.version).predicted;
        lifecycle::Prediction prediction{{estimate}, "cpu", "fp32", 0};
        if (const auto known = latest(spec.modelId, spec.version)) {
            prediction.need[0].weightsBytes = known->measuredBytes;
            prediction.need[0].source = lifecycle::EstimateSource::Measured;
            prediction.loadMs = known->loadMs;
        }
        return prediction;
    }
    [[nodiscard]] std::optional<lifecycle::Measurement> find(const lifecycle::MeasurementKey& key) const override {
        const auto found = m_kept.find(key);
        return found == m_kept.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::optional<lifecycle::Measurement> latest(const std::string& modelId,
                                                               const std::string& version) const override {
        return find({modelId, version, "cpu", "fp32"});
    }
    void put(const lifecycle::MeasurementKey& key, const lifecycle::Measurement& measurement) override {
        m_kept[key] = measurement;
    }
    void forget(const std::string& modelId, const std::string& version) override {
        std::erase_if(m_kept, [&](const auto& each) {
            return each.first.modelId == modelId && (version.empty() || each.first.version == version);
        });
    }

private:
    struct Size {
        std::int64_t predicted = kMb;
        std::int64_t measured = kMb;
    };
    [[nodiscard]] Size sizeOf(const std::string& key) const {
        const auto found = m_sizes.find(key);
        return found == m_sizes.end() ? Size{} : found->second;
    }

    std::map<std::string, Size> m_sizes;
    std::map<std::int64_t, std::int64_t> m_processes;
    std::map<lifecycle::MeasurementKey, lifecycle::Measurement> m_kept;
};

} // namespace mm::test
