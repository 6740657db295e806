// Where the catalogue's models are kept. Each change is one transaction: it reads what is there, checks the rules that
// need it (unique versions, revision, the current version), writes, and gives the model as it then is. An
// implementation belongs to the thread that made it and blocks; StoreThread gives it one.
// Errors: the registry's codes; StorageFull and StorageFailed leave everything as it was.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/registry/measured_load.h"
#include "engine/registry/model_entry.h"
#include "engine/registry/rules/request_rules.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

// One version, as a change names it. expectedRevision 0 takes the model as it is.
struct VersionKey {
    std::string modelId;
    std::string version;
    std::int64_t expectedRevision = 0;
};

class ModelStore {
public:
    virtual ~ModelStore() = default;

    virtual Result<std::vector<ModelVersions>> loadAll() = 0;
    // Cheap; fails where the store no longer answers.
    virtual Result<void> check() = 0;

    // The first version of a model becomes its current one, later ones do not. Revision and times are set here.
    virtual Result<ModelVersions> insertVersion(ModelEntry entry, WallTime now) = 0;
    virtual Result<ModelVersions> updateVersion(const VersionKey& key, const Patch& patch, WallTime now) = 0;
    virtual Result<ModelVersions> promoteVersion(const VersionKey& key, WallTime now) = 0;
    virtual Result<ModelVersions> deprecateVersion(const VersionKey& key, std::string_view reason, WallTime now) = 0;
    virtual Result<ModelVersions> removeVersion(const VersionKey& key, WallTime now) = 0;
    // The model with all its versions.
    virtual Result<void> removeModel(std::string_view modelId, std::int64_t expectedRevision) = 0;

    // What loads of the versions took; gone with the version.
    virtual Result<std::vector<MeasuredLoad>> loadMeasuredLoads() = 0;
    // Replaces what is kept for that version, device and dtype. VersionNotFound where the version is gone.
    virtual Result<void> putMeasuredLoad(const MeasuredLoad& load) = 0;
};

} // namespace mm::registry
