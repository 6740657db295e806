#include "engine/app/adapters/catalogue_adapters.h"

#include "engine/registry/model_id.h"

#include <cmath>

namespace mm::app {
namespace {

int threadsFor(const registry::ModelEntry& entry, int fallback) {
    const auto& fields = entry.config.fields();
    if (const auto threads = fields.find("threads"); threads != fields.end())
        return static_cast<int>(std::lround(threads->second.number_value()));
    return entry.resources.cpu_threads() > 0 ? entry.resources.cpu_threads() : fallback;
}

Error notLoadable(const registry::ModelEntry& entry, const std::string& key) {
    if (entry.status == registry::ModelStatus::Failed)
        return {ErrorCode::ModelLoadFailed,
                "'" + key + "' cannot be loaded: " + entry.statusMessage,
                {{"model_id", key}, {"stage", std::string("files")}}};
    return {ErrorCode::SourceNotFound,
            "'" + key +
                "' is registered without files. Delete it and register it again with a source_url such as "
                "file:///path/to/model.",
            {{"model_id", key}, {"stage", std::string("files")}}};
}

} // namespace

Result<lifecycle::LoadSpec> CatalogueDirectory::find(const std::string& key) {
    MM_TRY(const auto entry, m_catalogue.resolve(key));
    if (entry->status != registry::ModelStatus::Ready)
        return notLoadable(*entry, key);
    return lifecycle::LoadSpec{entry->modelId, entry->version, entry->path,
                               entry->task,    entry->config,  threadsFor(*entry, m_defaultThreads)};
}

Result<inference::ResolvedModel> CatalogueResolver::resolve(const std::string& modelId) {
    MM_TRY(const auto entry, m_catalogue.resolve(modelId));
    return inference::ResolvedModel{registry::versionedId(entry->modelId, entry->version), entry->modelId, entry->task};
}

} // namespace mm::app
