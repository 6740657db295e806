// CatalogueMeasurements: what loads took, as the lifecycle asks for it, kept in the registry's database. Answers from
// memory; what is put is written in the background. Engine thread; the catalogue outlives it.
#pragma once

#include "engine/lifecycle/memory/measurement_store.h"
#include "engine/registry/catalogue.h"

#include <map>

namespace mm::app {

class CatalogueMeasurements final : public lifecycle::MeasurementStore {
public:
    explicit CatalogueMeasurements(registry::Catalogue& catalogue);

    [[nodiscard]] std::optional<lifecycle::Measurement> find(const lifecycle::MeasurementKey& key) const override;
    [[nodiscard]] std::optional<lifecycle::Measurement> latest(const std::string& modelId,
                                                               const std::string& version) const override;
    void put(const lifecycle::MeasurementKey& key, const lifecycle::Measurement& measurement) override;
    // The rows go with the version's own.
    void forget(const std::string& modelId, const std::string& version) override;

private:
    registry::Catalogue& m_catalogue;
    std::map<lifecycle::MeasurementKey, lifecycle::Measurement> m_measurements;
};

} // namespace mm::app
