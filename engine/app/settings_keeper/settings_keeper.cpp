#include "engine/app/settings_keeper/settings_keeper.h"

#include "engine/app/settings_keeper/setting_listing.h"
#include "engine/base/log.h"
#include "engine/base/logs/log_control.h"
#include "engine/base/near_match.h"

#include <algorithm>
#include <set>
#include <utility>

namespace mm::app {
namespace {

// As the one who asked for the change wants to read it: which of them, and not where it would have been read from.
Error asAnswer(Error error) {
    error.code = ErrorCode::ValidationError;
    return error;
}

void replaceGiven(Settings& settings, const std::string& name, const Settings& from) {
    std::erase_if(settings.given, [&](const SettingValue& value) { return value.name == name; });
    for (const SettingValue& value : from.given)
        if (value.name == name)
            settings.given.push_back(value);
}

} // namespace

SettingsKeeper::SettingsKeeper(Settings started, Executor& engineThread)
    : m_engineThread(engineThread)
    , m_table(settingTable(started.defaultDataDir))
    , m_inForce(std::move(started))
    , m_next(m_inForce)
    , m_atWriter(std::make_unique<QtExecutor>()) {
    m_writer.setObjectName(QStringLiteral("settings"));
    m_atWriter->moveToThread(&m_writer);
    m_writer.start();
    for (const SettingValue& value : m_inForce.given)
        if (value.origin == Origin::Changed)
            m_changes[value.name] = value.text;
}

SettingsKeeper::~SettingsKeeper() {
    m_atWriter->runAndWait([] {});
    m_writer.quit();
    m_writer.wait();
}

void SettingsKeeper::give(TakenBy who, Taker taker) {
    m_takers[who] = std::move(taker);
}

const Definition* SettingsKeeper::find(const std::string& name) const {
    const auto found = std::find_if(m_table.begin(), m_table.end(), [&](const auto& d) { return d.name.name == name; });
    return found == m_table.end() ? nullptr : &*found;
}

Error SettingsKeeper::unknown(const std::string& name) const {
    std::vector<std::string> names;
    for (const Definition& definition : m_table)
        names.emplace_back(definition.name.name);
    return {ErrorCode::NotFound, "There is no setting '" + name + "'." + didYouMean(name, names), {{"setting", name}}};
}

v1::Setting SettingsKeeper::describe(const Definition& definition) const {
    v1::Setting setting = describeSetting(definition, m_inForce, m_next, m_takers.contains(definition.takenBy));
    const std::string_view level = log::levelName(log::level());
    if (definition.name.name == "log-level" && setting.value() != level) { // by SetLogLevel
        setting.set_value(std::string(level));
        setting.set_origin("temporary");
        setting.set_source("log-level");
    }
    return setting;
}

int SettingsKeeper::waiting() const {
    return static_cast<int>(std::count_if(m_next.texts.begin(), m_next.texts.end(), [&](const auto& entry) {
        return m_inForce.texts.at(entry.first) != entry.second;
    }));
}

void SettingsKeeper::list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    m_engineThread.post([this, request = std::move(request), reply = std::move(reply)] {
        v1::ListSettingsResponse response;
        for (const std::string& name : request.names()) {
            const Definition* definition = find(name);
            if (!definition)
                return reply(unknown(name));
            *response.add_settings() = describe(*definition);
        }
        if (request.names().empty())
            for (const Definition& definition : m_table)
                *response.add_settings() = describe(definition);
        response.set_waiting_for_restart(waiting());
        reply(std::move(response));
    });
}

void SettingsKeeper::change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    m_engineThread.post([this, request = std::move(request), reply = std::move(reply)] {
        std::set<std::string> names;
        for (const v1::SettingChange& change : request.changes())
            names.insert(change.name());
        enqueue({std::move(names),
                 [this, request](ChangedSettings changes) { return edited(request, std::move(changes)); },
                 [this, request, reply](Result<void> done) {
                     if (!done.ok())
                         return reply(std::move(done).error());
                     v1::ListSettingsResponse response;
                     for (const v1::SettingChange& change : request.changes())
                         *response.add_settings() = describe(*find(change.name()));
                     response.set_waiting_for_restart(waiting());
                     reply(std::move(response));
                 }});
    });
}

void SettingsKeeper::reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) {
    m_engineThread.post([this, name = request.name(), reply = std::move(reply)] {
        if (!find(name))
            return reply(unknown(name));
        enqueue({{name},
                 [name](ChangedSettings changes) -> Result<ChangedSettings> {
                     changes.erase(name);
                     return changes;
                 },
                 [this, name, reply](Result<void> done) {
                     if (!done.ok())
                         return reply(std::move(done).error());
                     reply(describe(*find(name)));
                 }});
    });
}

// Every wrong one is named, not only the first.
Result<ChangedSettings> SettingsKeeper::edited(const v1::ChangeSettingsRequest& request, ChangedSettings to) const {
    if (request.changes().empty())
        return invalidField("changes", "must name at least one setting");
    std::vector<FieldError> problems;
    std::set<std::string> seen;
    for (const v1::SettingChange& change : request.changes()) {
        const Definition* definition = find(change.name());
        if (!definition)
            return unknown(change.name());
        if (!seen.insert(change.name()).second)
            problems.push_back({change.name(), "is given twice"});
        if (std::string why = whyFixed(*definition, m_next); !why.empty())
            problems.push_back({change.name(), std::move(why)});
        to[change.name()] = change.value();
    }
    if (problems.empty())
        return to;
    Error error{ErrorCode::ValidationError, {}, {}, std::move(problems)};
    for (const FieldError& problem : error.fieldErrors)
        error.message.append(error.message.empty() ? "" : "; ").append(problem.field + ": " + problem.message);
    return error;
}

Result<Settings> SettingsKeeper::with(const ChangedSettings& changes) const {
    std::vector<SettingValue> given = m_next.given;
    std::erase_if(given, [](const SettingValue& value) { return value.origin == Origin::Changed; });
    for (const auto& [name, text] : changes)
        given.push_back({name, text, Origin::Changed, name});
    return settingsOf(std::move(given), m_next.defaultDataDir);
}

// An engine that would not start again is worse than a change that is refused.
Result<void> SettingsKeeper::checkFiles(const std::set<std::string>& names, const Settings& next) const {
    const bool isTls =
        std::any_of(names.begin(), names.end(), [this](const auto& name) { return find(name)->group == Group::Tls; });
    if (isTls && next.tls.isOn())
        MM_CHECK(readTls(next.tls));
    return {};
}

void SettingsKeeper::enqueue(Wish wish) {
    m_wishes.push_back(std::move(wish));
    doNext();
}

void SettingsKeeper::doNext() {
    while (!m_busy && !m_wishes.empty()) {
        Wish wish = std::move(m_wishes.front());
        m_wishes.pop_front();
        auto changes = wish.edit(m_changes);
        if (!changes.ok()) {
            wish.done(std::move(changes).error());
            continue;
        }
        auto next = with(*changes);
        if (next.ok())
            if (Result<void> usable = checkFiles(wish.names, *next); !usable.ok())
                next = std::move(usable).error();
        if (!next.ok())
            wish.done(asAnswer(std::move(next).error()));
        else
            write(std::move(changes).value(), std::move(next).value(), std::move(wish));
    }
}

void SettingsKeeper::write(ChangedSettings changes, Settings next, Wish wish) {
    m_busy = true;
    const std::filesystem::path file = m_inForce.dataDir / kChangedSettings;
    for (SettingValue& value : next.given)
        if (value.origin == Origin::Changed)
            value.source = file.string();
    m_atWriter->post(
        [this, file, changes = std::move(changes), next = std::move(next), wish = std::move(wish)]() mutable {
            auto written = std::make_shared<Result<void>>(writeChangedSettings(file, changes));
            m_engineThread.post([this, alive = std::weak_ptr(m_alive), written, changes = std::move(changes),
                                 next = std::move(next), wish = std::move(wish)]() mutable {
                if (alive.expired())
                    return;
                m_busy = false;
                if (written->ok()) {
                    m_changes = std::move(changes);
                    adopt(std::move(next), wish.names);
                }
                wish.done(std::move(*written));
                doNext();
            });
        });
}

// What somebody takes at once is in force from now on; the rest stays as it was at the start.
void SettingsKeeper::adopt(Settings next, const std::set<std::string>& names) {
    std::set<TakenBy> concerned;
    for (const std::string& name : names) {
        const Definition& definition = *find(name);
        const std::string& text = next.texts.at(name);
        log::info("setting changed", {{"setting", name}, {"from", m_next.texts.at(name)}, {"to", text}});
        if (!m_takers.contains(definition.takenBy))
            continue;
        concerned.insert(definition.takenBy);
        (void)definition.kind.apply(m_inForce, text); // it was taken a moment ago
        m_inForce.texts[name] = text;
        m_inForce.origins[name] = next.origins.at(name);
        replaceGiven(m_inForce, name, next);
    }
    m_next = std::move(next);
    for (const TakenBy who : concerned)
        m_takers.at(who)(m_inForce);
    if (m_listener)
        m_listener(names);
}

} // namespace mm::app
