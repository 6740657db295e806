// The registry as the other contexts want to see it: where a model's files are (lifecycle) and which model a name means
// (inference). Engine thread.
#pragma once

#include "engine/inference/ports.h"
#include "engine/lifecycle/ports.h"
#include "engine/registry/catalogue.h"

namespace mm::app {

class CatalogueDirectory final : public lifecycle::ModelDirectory {
public:
    // `defaultThreads`: for models whose configuration names none; 0 leaves it to the worker.
    CatalogueDirectory(const registry::Catalogue& catalogue, int defaultThreads)
        : m_catalogue(catalogue), m_defaultThreads(defaultThreads) {}

    [[nodiscard]] Result<lifecycle::LoadSpec> find(const std::string& key) override;

private:
    const registry::Catalogue& m_catalogue;
    int m_defaultThreads;
};

class CatalogueResolver final : public inference::ModelCatalogue {
public:
    explicit CatalogueResolver(const registry::Catalogue& catalogue) : m_catalogue(catalogue) {}

    [[nodiscard]] Result<inference::ResolvedModel> resolve(const std::string& modelId) override;

private:
    const registry::Catalogue& m_catalogue;
};

} // namespace mm::app
