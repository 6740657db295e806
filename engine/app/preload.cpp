#include "engine/app/preload.h"

#include "engine/base/log.h"
#include "engine/lifecycle/policy/serving_config.h"
#include "engine/registry/model_id.h"

#include <memory>
#include <utility>

namespace mm::app {
namespace {

struct Round {
    std::vector<std::string> keys;
    lifecycle::LifecycleManager& lifecycle;
    Executor& engine;
    std::function<void(int)> done;
    std::size_t next = 0;
    int loaded = 0;
};

void loadNext(const std::shared_ptr<Round>& round) {
    if (round->next == round->keys.size())
        return round->done(round->loaded);
    const std::string& key = round->keys[round->next++];
    lifecycle::LoadOrder order;
    order.priority = lifecycle::v1::PRIORITY_LOW; // requests that come meanwhile go first
    round->lifecycle.load(key, order, {}, [round, key](const Result<lifecycle::v1::ModelStatus>& status) {
        if (status.ok())
            ++round->loaded;
        else
            log::write(log::Level::Error, "model not preloaded", status.error(), {{"model", key}});
        round->engine.post([round] { loadNext(round); });
    });
}

} // namespace

std::vector<std::string> modelsToPreload(const registry::Catalogue& catalogue) {
    std::vector<std::string> keys;
    for (const registry::EntryPtr& entry : catalogue.all()) {
        if (!lifecycle::servingConfig(entry->config).preload)
            continue;
        const auto current = catalogue.resolve(entry->modelId);
        if (current.ok() && (*current)->version == entry->version)
            keys.push_back(registry::versionedId(entry->modelId, entry->version));
    }
    return keys;
}

void preload(std::vector<std::string> keys, lifecycle::LifecycleManager& lifecycle, Executor& engine,
             std::function<void(int loaded)> done) {
    loadNext(std::make_shared<Round>(Round{std::move(keys), lifecycle, engine, std::move(done)}));
}

} // namespace mm::app
