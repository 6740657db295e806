#include "engine/registry/catalogue.h"

#include "engine/registry/catalogue_core.h"
#include "engine/registry/definitions/definition_loader.h"
#include "engine/registry/model_id.h"
#include "engine/registry/rules/field_errors.h"
#include "engine/registry/store/sqlite_store.h"

#include <QLockFile>

namespace mm::registry {
namespace {

namespace fs = std::filesystem;

Result<void> makeDataDir(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed)
        return {};
    return Error{ErrorCode::StorageFailed,
                 "The data folder " + folder.string() + " cannot be made: " + failed.message() +
                     ". Choose another one with --data-dir.",
                 {{"folder", folder.string()}}};
}

Result<std::unique_ptr<QLockFile>> lockDataDir(const fs::path& folder) {
    const fs::path file = folder / "modelmora.lock";
    auto lock = std::make_unique<QLockFile>(QString::fromStdString(file.string()));
    lock->setStaleLockTime(0); // a lock is stale only when its process is gone
    if (lock->tryLock())
        return lock;
    Error error{ErrorCode::StorageFailed, {}, {{"folder", folder.string()}}};
    qint64 process = 0;
    QString host;
    QString program;
    if (lock->error() == QLockFile::LockFailedError && lock->getLockInfo(&process, &host, &program)) {
        error.message = "The data folder " + folder.string() + " is in use by another engine (process " +
                        std::to_string(process) + "). Stop that one, or choose another folder with --data-dir.";
        error.facts["process"] = std::int64_t{process};
    } else {
        error.message = "The file " + file.string() + " cannot be written. Check the rights of the data folder.";
    }
    return error;
}

template <typename T>
void fail(Executor& engine, Reply<T> reply, Error error) {
    engine.post([reply = std::move(reply), error = std::move(error)] { reply(error); });
}

Reply<EntryPtr> asModel(Reply<v1::Model> reply) {
    return [reply = std::move(reply)](Result<EntryPtr> entry) {
        if (entry.ok())
            reply(toProto(**entry));
        else
            reply(std::move(entry).error());
    };
}

Error badRevision(std::int64_t revision) {
    return invalidField("expected_revision", "must be 0 or more, not " + std::to_string(revision));
}

// The version that a request names by itself, for the requests that have a field for it.
Result<VersionKey> keyOf(const CatalogueView& view, const std::string& id, const std::string& version,
                         std::int64_t expectedRevision) {
    if (version.empty())
        return invalidField("version", "is required");
    if (expectedRevision < 0)
        return badRevision(expectedRevision);
    MM_TRY(const EntryPtr entry, view.resolve(versionedId(id, version)));
    return VersionKey{entry->modelId, entry->version, expectedRevision};
}

} // namespace

Result<std::unique_ptr<Catalogue>> Catalogue::open(Options options) {
    MM_CHECK(makeDataDir(options.dataDir));
    MM_TRY(auto lock, lockDataDir(options.dataDir));
    const SqliteStore::Options store{options.dataDir / kDatabaseName, options.clock.wallNow(),
                                     options.maxDatabasePages};
    MM_TRY(auto thread,
           StoreThread::start(QStringLiteral("registry-store"), [&store]() -> Result<std::unique_ptr<ModelStore>> {
               MM_TRY(auto opened, SqliteStore::open(store));
               return std::unique_ptr<ModelStore>(std::move(opened));
           }));
    MM_TRY(auto models,
           thread->callBlocking<std::vector<ModelVersions>>([](ModelStore& opened) { return opened.loadAll(); }));
    MM_TRY(auto loads, thread->callBlocking<std::vector<MeasuredLoad>>(
                           [](ModelStore& opened) { return opened.loadMeasuredLoads(); }));
    auto core = std::make_shared<CatalogueCore>(options.engine, options.clock, std::move(thread), std::move(models));
    return std::unique_ptr<Catalogue>(new Catalogue(std::move(lock), std::move(core), std::move(loads)));
}

Catalogue::Catalogue(std::unique_ptr<QLockFile> lock, std::shared_ptr<CatalogueCore> core,
                     std::vector<MeasuredLoad> measuredLoads)
    : m_lock(std::move(lock)), m_core(std::move(core)), m_measuredLoads(std::move(measuredLoads)) {}

Catalogue::~Catalogue() = default;

void Catalogue::registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto registration = checkRegistration(request);
    if (!registration.ok())
        return fail(m_core->engine(), std::move(reply), std::move(registration).error());
    m_core->registerModel(std::move(*registration), asModel(std::move(reply)));
}

void Catalogue::update(v1::UpdateModelRequest request, Reply<v1::Model> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto entry = m_core->view().resolve(request.model_id());
    if (!entry.ok())
        return fail(m_core->engine(), std::move(reply), std::move(entry).error());
    auto patch = checkUpdate(request);
    if (!patch.ok())
        return fail(m_core->engine(), std::move(reply), std::move(patch).error());
    m_core->update({(*entry)->modelId, (*entry)->version, request.expected_revision()}, std::move(*patch),
                   asModel(std::move(reply)));
}

void Catalogue::remove(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto entry = m_core->view().resolve(request.model_id());
    if (!entry.ok())
        return fail(m_core->engine(), std::move(reply), std::move(entry).error());
    if (request.expected_revision() < 0)
        return fail(m_core->engine(), std::move(reply), badRevision(request.expected_revision()));
    const Reply<void> done = [reply = std::move(reply), id = request.model_id()](Result<void> removed) {
        if (!removed.ok())
            return reply(std::move(removed).error());
        v1::DeleteModelResponse response;
        response.set_model_id(id);
        response.set_deleted(true);
        reply(std::move(response));
    };
    if (splitId(request.model_id()).versioned)
        m_core->removeVersion({(*entry)->modelId, (*entry)->version, request.expected_revision()}, done);
    else
        m_core->removeModel((*entry)->modelId, request.expected_revision(), done);
}

void Catalogue::promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto key = keyOf(m_core->view(), request.model_id(), request.version(), request.expected_revision());
    if (!key.ok())
        return fail(m_core->engine(), std::move(reply), std::move(key).error());
    m_core->promote(std::move(*key), asModel(std::move(reply)));
}

void Catalogue::deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto key = keyOf(m_core->view(), request.model_id(), request.version(), request.expected_revision());
    if (!key.ok())
        return fail(m_core->engine(), std::move(reply), std::move(key).error());
    FieldErrors errors;
    errors.checkText("reason", request.reason(), kLongestDescription, FieldErrors::Empty::Fine);
    if (auto checked = errors.result(); !checked.ok())
        return fail(m_core->engine(), std::move(reply), std::move(checked).error());
    m_core->deprecate(std::move(*key), request.reason(), asModel(std::move(reply)));
}

void Catalogue::deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    auto key = keyOf(m_core->view(), request.model_id(), request.version(), request.expected_revision());
    if (!key.ok())
        return fail(m_core->engine(), std::move(reply), std::move(key).error());
    v1::DeleteVersionResponse response;
    response.set_model_id(key->modelId);
    response.set_version(key->version);
    response.set_deleted(true);
    m_core->removeVersion(std::move(*key), [reply = std::move(reply), response](Result<void> removed) {
        if (removed.ok())
            reply(response);
        else
            reply(std::move(removed).error());
    });
}

Result<v1::ListModelsResponse> Catalogue::list(const v1::ListModelsRequest& request) const {
    MM_ASSERT_THREAD(m_core->engine());
    return m_core->view().list(request);
}

Result<v1::Model> Catalogue::get(const v1::GetModelRequest& request) const {
    MM_TRY(const EntryPtr entry, resolve(request.model_id()));
    return toProto(*entry);
}

Result<v1::ListVersionsResponse> Catalogue::listVersions(const v1::ListVersionsRequest& request) const {
    MM_ASSERT_THREAD(m_core->engine());
    MM_TRY(const ModelVersions* model, m_core->view().model(request.model_id()));
    v1::ListVersionsResponse response;
    for (const EntryPtr& entry : model->versions)
        *response.add_versions() = toProto(*entry);
    return response;
}

Result<EntryPtr> Catalogue::resolve(std::string_view id) const {
    MM_ASSERT_THREAD(m_core->engine());
    return m_core->view().resolve(id);
}

std::vector<EntryPtr> Catalogue::all() const {
    MM_ASSERT_THREAD(m_core->engine());
    return m_core->view().all();
}

void Catalogue::loadDefinitions(std::filesystem::path folder, Reply<DefinitionsReport> reply) {
    MM_ASSERT_THREAD(m_core->engine());
    DefinitionLoader::load(m_core, std::move(folder), std::move(reply));
}

void Catalogue::keepMeasuredLoad(MeasuredLoad load) {
    m_core->keepMeasuredLoad(std::move(load));
}

bool Catalogue::healthy() {
    return m_core->healthy();
}

void Catalogue::addListener(CatalogueListener& listener) {
    m_core->addListener(listener);
}

void Catalogue::removeListener(CatalogueListener& listener) {
    m_core->removeListener(listener);
}

} // namespace mm::registry
