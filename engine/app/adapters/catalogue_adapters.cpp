#include "engine/app/adapters/catalogue_adapters.h"

#include "engine/registry/model_id.h"

#include <cmath>

namespace mm::app {
namespace {

constexpr std::int64_t kMegabyte = 1'000'000;

constexpr int kBatchMaxSize = 32;

// The registry's rules have seen to it that it is one.
int wholeNumber(const google::protobuf::Struct& config, const std::string& key, int fallback) {
    const auto found = config.fields().find(key);
    return found == config.fields().end() ? fallback : static_cast<int>(std::lround(found->second.number_value()));
}

// As the registration says; 0 where it does not.
int fixedThreads(const registry::ModelEntry& entry) {
    return wholeNumber(entry.config, "threads", entry.resources.cpu_threads());
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
    lifecycle::LoadSpec spec;
    spec.modelId = entry->modelId;
    spec.version = entry->version;
    spec.path = entry->path;
    spec.task = entry->task;
    spec.config = entry->config;
    const int fixed = fixedThreads(*entry);
    spec.threads = fixed > 0 ? fixed : m_defaultThreads;
    spec.threadsFixed = fixed > 0;
    spec.declaredBytes = entry->resources.memory_mb() * kMegabyte;
    spec.declaredGpuBytes = entry->resources.gpu_vram_mb() * kMegabyte;
    return spec;
}

Result<inference::ResolvedModel> CatalogueResolver::resolve(const std::string& modelId) {
    MM_TRY(const auto entry, m_catalogue.resolve(modelId));
    inference::ResolvedModel model{
        registry::versionedId(entry->modelId, entry->version), entry->modelId, entry->task, {}, {}};
    model.batchMaxSize = wholeNumber(entry->config, "batch_size", kBatchMaxSize);
    model.batchMaxWait = std::chrono::milliseconds(wholeNumber(entry->config, "batch_max_wait_ms", 0));
    return model;
}

} // namespace mm::app
