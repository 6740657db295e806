// The catalogue's engine room: the view in memory, the store behind it, the threads that read folders, and the one way
// a change goes: checked, stored, shown in the view, told to the listeners, answered. Owned by the catalogue, shared
// with the definitions it loads; engine thread only, replies there too, never before the method has returned.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/ipc/thread_manner.h"
#include "engine/registry/catalogue_view.h"
#include "engine/registry/ports.h"
#include "engine/registry/rules/request_rules.h"
#include "engine/registry/store/model_store.h"
#include "engine/store/store_thread.h"

#include <QThreadPool>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mm::registry {

using StoreThread = store::StoreThread<ModelStore>;

class CatalogueCore : public std::enable_shared_from_this<CatalogueCore> {
public:
    CatalogueCore(Executor& engine, const Clock& clock, std::unique_ptr<StoreThread> store,
                  std::vector<ModelVersions> models);
    ~CatalogueCore();

    [[nodiscard]] const CatalogueView& view() const { return m_view; }
    [[nodiscard]] Executor& engine() const { return m_engine; }

    // Reads the folder first where there is one.
    void registerModel(Registration registration, Reply<EntryPtr> reply);
    void update(VersionKey key, Patch patch, Reply<EntryPtr> reply);
    void promote(VersionKey key, Reply<EntryPtr> reply);
    void deprecate(VersionKey key, std::string reason, Reply<EntryPtr> reply);
    void removeVersion(VersionKey key, Reply<void> reply);
    void removeModel(std::string modelId, std::int64_t expectedRevision, Reply<void> reply);

    // Runs blocking work on a thread for it; the flag tells the work to end early.
    template <typename T>
    void inBackground(std::function<Result<T>(const std::atomic<bool>& stop)> work, Reply<T> reply) {
        m_pool.start([this, &engine = m_engine, work = std::move(work), reply = std::move(reply)]() mutable {
            ipc::computeSteadily(); // reading a folder takes long
            auto answer = std::make_shared<Result<T>>(work(m_stop));
            engine.post([reply = std::move(reply), answer] { reply(std::move(*answer)); });
        });
    }

    // Written in the background; a failure is logged, for nobody waits.
    void keepMeasuredLoad(MeasuredLoad load);

    [[nodiscard]] bool healthy();
    void addListener(CatalogueListener& listener);
    void removeListener(CatalogueListener& listener);

private:
    using StoreCall = std::function<Result<ModelVersions>(ModelStore&)>;
    // Stores, shows and tells a change, and replies with the version it was about (null where that is gone).
    void change(std::string version, StoreCall call, Reply<EntryPtr> reply);
    void insert(ModelEntry entry, Reply<EntryPtr> reply);
    void adopt(ModelVersions model);
    void drop(const std::string& modelId);
    void tell(const std::function<void(CatalogueListener&)>& what);
    template <typename T>
    void note(const Result<T>& answer);

    Executor& m_engine;
    const Clock& m_clock;
    CatalogueView m_view;
    std::vector<CatalogueListener*> m_listeners;
    std::set<std::string> m_registering; // "org/repo@version" whose folders are being read
    bool m_healthy = true;
    bool m_checking = false;
    std::atomic<bool> m_stop = false;
    std::unique_ptr<StoreThread> m_store;
    QThreadPool m_pool;
};

} // namespace mm::registry
