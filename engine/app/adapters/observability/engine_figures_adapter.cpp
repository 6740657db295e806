#include "engine/app/adapters/observability/engine_figures_adapter.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace mm::app {
namespace {

using namespace observability;
namespace v1 = modelmora::v1;

std::optional<std::size_t> stateIndex(v1::ModelState state) {
    switch (state) {
    case v1::MODEL_STATE_LOADING:
        return 0;
    case v1::MODEL_STATE_LOADED:
        return 1;
    case v1::MODEL_STATE_DRAINING:
        return 2;
    case v1::MODEL_STATE_UNHEALTHY:
        return 3;
    default:
        return std::nullopt;
    }
}

ModelFigures figuresOf(const v1::ModelStatus& status, const inference::ModelLanes& lanes) {
    ModelFigures model;
    model.modelId = status.model_id();
    model.version = status.version();
    for (const v1::InstanceStatus& instance : status.instances()) {
        if (const auto index = stateIndex(instance.state()))
            ++model.instances[*index];
        if (instance.pid() > 0)
            model.workers.push_back({instance.instance(), instance.pid()});
    }
    model.memoryBytes = status.measured_bytes();
    model.predictedBytes = status.predicted_bytes();
    model.peakBytes = status.peak_bytes();
    model.residentBytes = status.resident_bytes();
    model.inFlight = status.in_flight();
    model.isPinned = status.pinned();
    if (const inference::ModelLane* lane = lanes.find(status.model_id() + "@" + status.version()))
        model.waiting = lane->waitingRequests;
    return model;
}

DeviceFigures figuresOf(const lifecycle::DeviceAccount& account) {
    return {account.device,      account.name,           account.totalBytes,    account.availableBytes,
            account.budgetBytes, account.effectiveBytes, account.reservedBytes, account.committedBytes,
            account.freeBytes(), account.othersBytes};
}

} // namespace

GpuFigures together(const std::vector<lifecycle::GpuReading>& gpus) {
    const auto known = [&gpus](std::optional<double> lifecycle::GpuReading::*which) {
        std::vector<double> values;
        for (const lifecycle::GpuReading& gpu : gpus)
            if (gpu.*which)
                values.push_back(*(gpu.*which));
        return values;
    };
    const auto sum = [](const std::vector<double>& values) {
        return values.empty() ? std::nullopt : std::optional(std::accumulate(values.begin(), values.end(), 0.0));
    };
    const auto mean = [&sum](const std::vector<double>& values) {
        const auto all = sum(values);
        return all ? std::optional(*all / static_cast<double>(values.size())) : std::nullopt;
    };
    const std::vector<double> degrees = known(&lifecycle::GpuReading::celsius);
    const auto hottest = std::max_element(degrees.begin(), degrees.end());
    return {mean(known(&lifecycle::GpuReading::usePercent)), mean(known(&lifecycle::GpuReading::memoryPercent)),
            hottest == degrees.end() ? std::nullopt : std::optional(*hottest),
            sum(known(&lifecycle::GpuReading::watts))};
}

EngineFigures EngineFiguresAdapter::read() {
    EngineFigures figures;
    for (const v1::ModelStatus& status : m_parts.lifecycle.statuses())
        figures.models.push_back(figuresOf(status, m_parts.dispatcher.lanes()));
    // A model that was deleted may still be known to who ran it.
    for (const registry::EntryPtr& entry : m_parts.catalogue.all())
        if (figures.registered.empty() || figures.registered.back() != entry->modelId)
            figures.registered.push_back(entry->modelId);
    std::sort(figures.registered.begin(), figures.registered.end());
    figures.registered.erase(std::unique(figures.registered.begin(), figures.registered.end()),
                             figures.registered.end());
    std::erase_if(figures.models, [&](const ModelFigures& model) {
        return model.workers.empty() &&
               !std::binary_search(figures.registered.begin(), figures.registered.end(), model.modelId);
    });
    for (const lifecycle::DeviceAccount& account : m_parts.lifecycle.ledger().devices())
        figures.devices.push_back(figuresOf(account));
    figures.gpus = together(m_parts.machine.gpuReadings());
    const v1::QueueStatus depth = m_parts.dispatcher.waiting();
    figures.waiting = {depth.critical_priority(), depth.high_priority(), depth.medium_priority(), depth.low_priority()};
    figures.running = static_cast<std::int64_t>(m_parts.dispatcher.running());
    figures.unfinished = static_cast<std::int64_t>(m_parts.dispatcher.unfinished());
    const v1::ResourceUsage usage = m_parts.resources.read(m_parts.clock.now());
    figures.cpuPercent = usage.has_cpu_percent() ? usage.cpu_percent() : -1;
    figures.memoryPercent = usage.has_memory_percent() ? usage.memory_percent() : -1;
    figures.diskPercent = usage.has_disk_percent() ? usage.disk_percent() : -1;
    return figures;
}

} // namespace mm::app
