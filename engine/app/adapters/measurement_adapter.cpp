#include "engine/app/adapters/measurement_adapter.h"

namespace mm::app {

CatalogueMeasurements::CatalogueMeasurements(registry::Catalogue& catalogue) : m_catalogue(catalogue) {
    for (const registry::MeasuredLoad& load : catalogue.measuredLoads())
        m_measurements.emplace(lifecycle::MeasurementKey{load.modelId, load.version, load.device, load.dtype},
                               lifecycle::Measurement{load.predictedBytes, load.measuredBytes, load.deviceBytes,
                                                      load.weightsBytes, load.peakBytes, load.activationBytes,
                                                      load.loadMs, load.uses, load.lastUsedAt, load.updatedAt});
}

std::optional<lifecycle::Measurement> CatalogueMeasurements::find(const lifecycle::MeasurementKey& key) const {
    const auto found = m_measurements.find(key);
    return found == m_measurements.end() ? std::nullopt : std::optional(found->second);
}

std::optional<lifecycle::Measurement> CatalogueMeasurements::latest(const std::string& modelId,
                                                                    const std::string& version) const {
    std::optional<lifecycle::Measurement> newest;
    for (auto at = m_measurements.lower_bound({modelId, version, {}, {}});
         at != m_measurements.end() && at->first.modelId == modelId && at->first.version == version; ++at)
        if (!newest || at->second.updatedAt > newest->updatedAt)
            newest = at->second;
    return newest;
}

void CatalogueMeasurements::put(const lifecycle::MeasurementKey& key, const lifecycle::Measurement& measurement) {
    m_measurements.insert_or_assign(key, measurement);
    m_catalogue.keepMeasuredLoad({key.modelId, key.version, key.device, key.dtype, measurement.predictedBytes,
                                  measurement.measuredBytes, measurement.deviceBytes, measurement.weightsBytes,
                                  measurement.peakBytes, measurement.activationBytes, measurement.loadMs,
                                  measurement.uses, measurement.lastUsedAt, measurement.updatedAt});
}

void CatalogueMeasurements::forget(const std::string& modelId, const std::string& version) {
    std::erase_if(m_measurements, [&](const auto& each) {
        return each.first.modelId == modelId && (version.empty() || each.first.version == version);
    });
}

} // namespace mm::app
