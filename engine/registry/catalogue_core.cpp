#include "engine/registry/catalogue_core.h"

#include "engine/base/log.h"
#include "engine/registry/files/folder_contents.h"
#include "engine/registry/model_id.h"
#include "engine/registry/rules/version_transitions.h"

#include <algorithm>

namespace mm::registry {
namespace {

constexpr int kFolderThreads = 2; // hashing is as fast as the disk; more would only take turns

template <typename T>
void postError(Executor& engine, Reply<T> reply, Error error) {
    engine.post([reply = std::move(reply), error = std::move(error)] { reply(error); });
}

} // namespace

CatalogueCore::CatalogueCore(Executor& engine, const Clock& clock, std::unique_ptr<StoreThread> store,
                             std::vector<ModelVersions> models)
    : m_engine(engine), m_clock(clock), m_store(std::move(store)) {
    m_pool.setMaxThreadCount(kFolderThreads);
    for (ModelVersions& model : models)
        m_view.put(std::move(model));
}

CatalogueCore::~CatalogueCore() {
    m_stop = true;
    m_pool.waitForDone();
}

template <typename T>
void CatalogueCore::note(const Result<T>& answer) {
    const bool broken = !answer.ok() && (answer.error().code == ErrorCode::StorageFailed ||
                                         answer.error().code == ErrorCode::StorageDamaged);
    if (!answer.ok() && (broken || answer.error().code == ErrorCode::StorageFull))
        log::write(log::Level::Error, "registry store failed", answer.error());
    m_healthy = !broken;
}

void CatalogueCore::registerModel(Registration registration, Reply<EntryPtr> reply) {
    MM_ASSERT_THREAD(m_engine);
    ModelEntry& draft = registration.draft;
    if (const ModelVersions* model = m_view.find(draft.modelId))
        if (auto fresh = checkNewVersion(*model, draft); !fresh.ok())
            return postError<EntryPtr>(m_engine, std::move(reply), fresh.error());
    if (!registration.folder) {
        draft.checksum = registration.expectedChecksum;
        return insert(std::move(draft), std::move(reply));
    }

    const std::string key = versionedId(draft.modelId, draft.version);
    if (!m_registering.insert(key).second)
        return postError<EntryPtr>(m_engine, std::move(reply),
                                   {ErrorCode::ModelAlreadyExists,
                                    "Model '" + key + "' is being registered right now by another request.",
                                    {{"model", draft.modelId}, {"version", draft.version}}});
    const auto request = std::make_shared<const Registration>(std::move(registration));
    inBackground<Contents>(
        [request](const std::atomic<bool>& stop) {
            return readFolder(*request->folder, request->draft.task, request->expectedChecksum, stop);
        },
        [weak = weak_from_this(), request, key, reply = std::move(reply)](Result<Contents> contents) {
            const auto self = weak.lock();
            if (!self)
                return reply(Error{ErrorCode::ServiceUnavailable, "The engine stops."});
            self->m_registering.erase(key);
            if (!contents.ok())
                return reply(std::move(contents).error());
            ModelEntry entry = request->draft;
            setContents(entry, *contents);
            self->insert(std::move(entry), reply);
        });
}

void CatalogueCore::insert(ModelEntry entry, Reply<EntryPtr> reply) {
    std::string version = entry.version;
    change(
        std::move(version),
        [entry = std::move(entry), now = m_clock.wallNow()](ModelStore& store) {
            return store.insertVersion(entry, now);
        },
        std::move(reply));
}

void CatalogueCore::update(VersionKey key, Patch patch, Reply<EntryPtr> reply) {
    MM_ASSERT_THREAD(m_engine);
    std::string version = key.version;
    change(
        std::move(version),
        [key = std::move(key), patch = std::move(patch), now = m_clock.wallNow()](ModelStore& store) {
            return store.updateVersion(key, patch, now);
        },
        std::move(reply));
}

void CatalogueCore::promote(VersionKey key, Reply<EntryPtr> reply) {
    MM_ASSERT_THREAD(m_engine);
    std::string version = key.version;
    change(
        std::move(version),
        [key = std::move(key), now = m_clock.wallNow()](ModelStore& store) { return store.promoteVersion(key, now); },
        std::move(reply));
}

void CatalogueCore::deprecate(VersionKey key, std::string reason, Reply<EntryPtr> reply) {
    MM_ASSERT_THREAD(m_engine);
    std::string version = key.version;
    change(
        std::move(version),
        [key = std::move(key), reason = std::move(reason), now = m_clock.wallNow()](ModelStore& store) {
            return store.deprecateVersion(key, reason, now);
        },
        std::move(reply));
}

void CatalogueCore::removeVersion(VersionKey key, Reply<void> reply) {
    MM_ASSERT_THREAD(m_engine);
    std::string version = key.version;
    change(
        std::move(version),
        [key = std::move(key), now = m_clock.wallNow()](ModelStore& store) { return store.removeVersion(key, now); },
        [reply = std::move(reply)](Result<EntryPtr> removed) {
            reply(removed.ok() ? Result<void>() : Result<void>(std::move(removed).error()));
        });
}

void CatalogueCore::change(std::string version, StoreCall call, Reply<EntryPtr> reply) {
    m_store->call<ModelVersions>(std::move(call), m_engine,
                                 [weak = weak_from_this(), version = std::move(version),
                                  reply = std::move(reply)](Result<ModelVersions> stored) {
                                     const auto self = weak.lock();
                                     if (self)
                                         self->note(stored);
                                     if (!stored.ok())
                                         return reply(std::move(stored).error());
                                     EntryPtr entry = stored->find(version);
                                     if (self)
                                         self->adopt(std::move(*stored));
                                     reply(std::move(entry));
                                 });
}

void CatalogueCore::removeModel(std::string modelId, std::int64_t expectedRevision, Reply<void> reply) {
    MM_ASSERT_THREAD(m_engine);
    m_store->call<void>(
        [modelId, expectedRevision](ModelStore& store) { return store.removeModel(modelId, expectedRevision); },
        m_engine,
        [weak = weak_from_this(), modelId, reply = std::move(reply)](Result<void> removed) {
            if (const auto self = weak.lock()) {
                self->note(removed);
                if (removed.ok())
                    self->drop(modelId);
            }
            reply(std::move(removed));
        });
}

void CatalogueCore::keepMeasuredLoad(MeasuredLoad load) {
    MM_ASSERT_THREAD(m_engine);
    m_store->call<void>([load = std::move(load)](ModelStore& store) { return store.putMeasuredLoad(load); }, m_engine,
                        [weak = weak_from_this()](Result<void> kept) {
                            if (const auto self = weak.lock())
                                self->note(kept);
                        });
}

void CatalogueCore::adopt(ModelVersions model) {
    const ModelVersions* known = m_view.find(model.modelId);
    const ModelVersions before = known ? *known : ModelVersions{model.modelId, {}};
    const ModelVersions after = model;
    m_view.put(std::move(model));
    for (const EntryPtr& entry : before.versions)
        if (!after.find(entry->version))
            tell([&entry](CatalogueListener& listener) { listener.modelRemoved(entry); });
    for (const EntryPtr& entry : after.versions) {
        const EntryPtr old = before.find(entry->version);
        if (!old)
            tell([&entry](CatalogueListener& listener) { listener.modelRegistered(entry); });
        else if (!sameContent(*old, *entry))
            tell([&](CatalogueListener& listener) { listener.modelUpdated(old, entry); });
    }
}

void CatalogueCore::drop(const std::string& modelId) {
    const ModelVersions* known = m_view.find(modelId);
    if (!known)
        return;
    const ModelVersions gone = *known;
    m_view.erase(modelId);
    for (const EntryPtr& entry : gone.versions)
        tell([&entry](CatalogueListener& listener) { listener.modelRemoved(entry); });
}

void CatalogueCore::tell(const std::function<void(CatalogueListener&)>& what) {
    // A copy: a listener may take itself off the list.
    for (CatalogueListener* listener : std::vector(m_listeners))
        what(*listener);
}

bool CatalogueCore::healthy() {
    MM_ASSERT_THREAD(m_engine);
    if (!m_checking) {
        m_checking = true;
        m_store->call<void>([](ModelStore& store) { return store.check(); }, m_engine,
                            [weak = weak_from_this()](Result<void> answer) {
                                if (const auto self = weak.lock()) {
                                    self->m_checking = false;
                                    self->note(answer);
                                }
                            });
    }
    return m_healthy;
}

void CatalogueCore::addListener(CatalogueListener& listener) {
    MM_ASSERT_THREAD(m_engine);
    m_listeners.push_back(&listener);
}

void CatalogueCore::removeListener(CatalogueListener& listener) {
    MM_ASSERT_THREAD(m_engine);
    std::erase(m_listeners, &listener);
}

} // namespace mm::registry
