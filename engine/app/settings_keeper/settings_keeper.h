// SettingsKeeper: owns what the engine is set to while it runs. A change is checked by what reads flags and files, kept
// in settings.yaml, and then given to whoever takes it at once; what nobody takes waits for the next start. Made on the
// engine thread, callable from any; replies come on the engine thread. Changes are done one after the other.
#pragma once

#include "engine/app/settings.h"
#include "engine/app/settings_keeper/changed_file.h"
#include "engine/app/settings_keeper/setting_table.h"
#include "engine/base/executor.h"
#include "engine/base/qt_executor.h"
#include "engine/service/settings/settings_service.h"

#include <QThread>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mm::app {

namespace v1 = modelmora::v1;

class SettingsKeeper final : public service::SettingsService {
public:
    // Told what is in force now, where any setting of its own was changed; on the engine thread.
    using Taker = std::function<void(const Settings& now)>;
    // Told which settings were changed or reset, also where that waits for the next start; on the engine thread.
    using Listener = std::function<void(const std::set<std::string>& names)>;

    SettingsKeeper(Settings started, Executor& engineThread);
    // Writes what is under way to its end.
    ~SettingsKeeper() override;
    SettingsKeeper(const SettingsKeeper&) = delete;
    SettingsKeeper& operator=(const SettingsKeeper&) = delete;

    // From now on, changes of these settings hold at once.
    void give(TakenBy who, Taker taker);
    void setListener(Listener listener) { m_listener = std::move(listener); }
    [[nodiscard]] const Settings& inForce() const { return m_inForce; }

    void list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) override;

private:
    struct Wish {
        std::set<std::string> names;
        std::function<Result<ChangedSettings>(ChangedSettings)> edit;
        std::function<void(Result<void>)> done;
    };
    void enqueue(Wish wish);
    void doNext();
    void write(ChangedSettings changes, Settings next, Wish wish);
    void adopt(Settings next, const std::set<std::string>& names);
    [[nodiscard]] Result<void> checkFiles(const std::set<std::string>& names, const Settings& next) const;
    [[nodiscard]] Result<Settings> with(const ChangedSettings& changes) const;
    [[nodiscard]] Result<ChangedSettings> edited(const v1::ChangeSettingsRequest& request, ChangedSettings to) const;
    [[nodiscard]] const Definition* find(const std::string& name) const;
    [[nodiscard]] Error unknown(const std::string& name) const;
    [[nodiscard]] v1::Setting describe(const Definition& definition) const;
    [[nodiscard]] int waiting() const;

    Executor& m_engineThread;
    const std::vector<Definition> m_table;
    Settings m_inForce;
    Settings m_next;
    ChangedSettings m_changes;
    std::map<TakenBy, Taker> m_takers;
    std::deque<Wish> m_wishes;
    bool m_busy = false;
    Listener m_listener;
    QThread m_writer;
    std::unique_ptr<QtExecutor> m_atWriter; // lives on m_writer
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::app
