// WorkerHouse: a LifecycleManager with short patience over real processes of the scripted fake worker, and what it told
// its listener. Each model's script is set before it is loaded; keys without one are unknown models.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/qt_executor.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "tests/support/await.h"
#include "tests/support/house_memory.h"
#include "tests/support/manual_clock.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mm::test {

class WorkerHouse : public lifecycle::ModelDirectory, public lifecycle::LifecycleListener {
public:
    WorkerHouse();
    ~WorkerHouse() override;

    // Patience for tests; change before make().
    lifecycle::LifecycleOptions options;
    void make();

    // The machine's memory: plenty, unless a test says otherwise.
    HouseMemory memory;
    // Who waits for a model, where a test knows better than the wishes.
    const lifecycle::RequestDemand* demand = nullptr;
    // Turned by the test instead of the system's; set before make().
    ManualClock* manualClock = nullptr;

    // A model with this script (see tests/fake_worker/fake_session.h).
    void script(const std::string& key, const std::string& json);
    // What its configuration says besides, such as "\"instances\": 2".
    void configure(const std::string& key, const std::string& fields) { m_serving[key] = fields; }
    void remove(const std::string& key) { m_scripts.erase(key); }

    lifecycle::LifecycleManager& manager() { return *m_manager; }
    QtExecutor& executor() { return m_executor; }
    [[nodiscard]] const Clock& clock() const {
        return manualClock == nullptr ? static_cast<const Clock&>(m_clock) : *manualClock;
    }

    Result<lifecycle::v1::ModelStatus> load(const std::string& key, const lifecycle::LoadOrder& order = {});
    Result<lifecycle::ModelLease> acquire(const std::string& key);
    Result<lifecycle::v1::UnloadModelResponse> unload(const std::string& key);
    // Runs one text to its last output.
    static Result<lifecycle::wv1::Output> run(lifecycle::ModelLease& lease, const std::string& text);
    // "unloaded loading loaded": every state a model went through.
    [[nodiscard]] std::string history(const std::string& key) const;
    [[nodiscard]] lifecycle::v1::ModelStatus status(const std::string& key) const;
    bool awaitState(const std::string& key, lifecycle::v1::ModelState state);

    std::vector<lifecycle::StateChange> changes;
    std::function<void()> changed; // after each of them
    std::vector<lifecycle::v1::LoadStage> progress;

    Result<lifecycle::LoadSpec> find(const std::string& key) override;
    void onStateChanged(const lifecycle::StateChange& change) override {
        changes.push_back(change);
        if (changed)
            changed();
    }
    void onLoadProgress(const std::string&, int, const lifecycle::v1::LoadStage& stage) override {
        progress.push_back(stage);
    }

private:
    SystemClock m_clock;
    QtExecutor m_executor;
    std::map<std::string, std::string> m_scripts;
    std::map<std::string, std::string> m_serving;
    std::unique_ptr<lifecycle::LifecycleManager> m_manager;
};

lifecycle::v1::InferenceRequest textRequest(const std::string& text);

} // namespace mm::test
