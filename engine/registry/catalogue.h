// The catalogue: every registered model, its versions and files. It is the one owner of the registry's state: a view in
// memory answers questions at once, the store behind it (SQLite, on a thread of its own) is written first.
// Lives on the engine thread; every method must be called there, and every reply comes there, exactly once and never
// before the method has returned. Errors: the registry's codes, ValidationError with all fields, Storage….
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/registry/definitions/definitions_report.h"
#include "engine/registry/measured_load.h"
#include "engine/registry/model_entry.h"
#include "engine/registry/ports.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

class QLockFile;

namespace mm::registry {

namespace v1 = modelmora::v1;

class CatalogueCore;

// In the data folder; other contexts keep their own tables in it, by connections of their own.
inline constexpr const char* kDatabaseName = "modelmora.db";

class Catalogue {
public:
    struct Options {
        std::filesystem::path dataDir; // made if missing; the database in it is "modelmora.db"
        Executor& engine;              // the engine thread; outlives the catalogue
        const Clock& clock;
        int maxDatabasePages = 0; // a limit on the database's size, for tests; 0 is none
    };
    // Blocks while the database is checked, migrated and read: call it at start. Fails with StorageDamaged (file left
    // untouched), StorageFull or StorageFailed (also where another engine uses the folder).
    static Result<std::unique_ptr<Catalogue>> open(Options options);
    // Waits for writes under way; ends hashing early. Replies still due are given by the engine's executor if it runs.
    ~Catalogue();

    void registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply);
    void update(v1::UpdateModelRequest request, Reply<v1::Model> reply);
    // "org/repo": the model with all its versions; "org/repo@version": as deleteVersion. `force` is the service's
    // matter: what is loaded is not known here. Model folders are left where they are.
    void remove(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply);
    // Makes it the current version, no longer deprecated. Refused (IllegalTransition) while its status is failed.
    void promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply);
    void deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply);
    void deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply);

    [[nodiscard]] Result<v1::ListModelsResponse> list(const v1::ListModelsRequest& request) const;
    [[nodiscard]] Result<v1::Model> get(const v1::GetModelRequest& request) const;
    [[nodiscard]] Result<v1::ListVersionsResponse> listVersions(const v1::ListVersionsRequest& request) const;

    // "org/repo" (the current version), "org/repo@version", or "org/repo@latest" where no version is called so.
    // InvalidModelId, ModelNotFound or VersionNotFound, with the nearest name there is.
    [[nodiscard]] Result<EntryPtr> resolve(std::string_view id) const;
    // Every version of every model, sorted by id.
    [[nodiscard]] std::vector<EntryPtr> all() const;

    // Registers and updates what the *.yaml and *.yml files of a folder say; what is unchanged is left alone. A problem
    // in one model or file stops no other; a folder that is missing or unreadable is an error.
    void loadDefinitions(std::filesystem::path folder, Reply<DefinitionsReport> reply);

    // What loads took, as it was read at the start, sorted by model; and what a load took now, to be kept across
    // restarts for as long as its version is registered.
    [[nodiscard]] const std::vector<MeasuredLoad>& measuredLoads() const { return m_measuredLoads; }
    void keepMeasuredLoad(MeasuredLoad load);

    // Whether the store answered when it was last asked; asking has it looked at again in the background.
    [[nodiscard]] bool healthy();

    void addListener(CatalogueListener& listener);
    void removeListener(CatalogueListener& listener);

private:
    Catalogue(std::unique_ptr<QLockFile> lock, std::shared_ptr<CatalogueCore> core,
              std::vector<MeasuredLoad> measuredLoads);

    std::unique_ptr<QLockFile> m_lock; // one engine per data folder
    std::shared_ptr<CatalogueCore> m_core;
    std::vector<MeasuredLoad> m_measuredLoads;
};

} // namespace mm::registry
