// settings list, set, reset: what the engine is set to, and changes of it while it runs.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "modelmora/v1/settings.grpc.pb.h"

namespace mm::cli {
namespace {

using SettingsApi = v1::SettingsService::StubInterface;

std::string cameFrom(const v1::Setting& setting) {
    return setting.origin() == "default" || setting.source().empty() ? setting.origin()
                                                                     : setting.origin() + ": " + setting.source();
}

std::string waitingNote(int waiting) {
    if (waiting == 0)
        return {};
    return waiting == 1 ? "1 change waits for a restart of the engine.\n"
                        : std::to_string(waiting) + " changes wait for a restart of the engine.\n";
}

std::string describeSettings(const v1::ListSettingsResponse& listed, const Terminal& terminal) {
    Table table({{"SETTING"}, {"VALUE"}, {"AFTER RESTART"}, {"APPLIES"}, {"COMES FROM"}});
    for (const v1::Setting& setting : listed.settings())
        table.add({setting.name(), printable(setting.value()),
                   setting.waits_for_restart() ? printable(setting.next_value()) : std::string(),
                   setting.applies_now() ? "now" : "at restart", printable(cameFrom(setting))});
    return table.render(titlePainter(terminal)) + waitingNote(listed.waiting_for_restart());
}

std::string describeChange(const v1::Setting& setting) {
    const std::string shown = setting.waits_for_restart() ? setting.next_value() : setting.value();
    return setting.name() + " is " + (shown.empty() ? "empty" : printable(shown)) +
           (setting.waits_for_restart() ? " after the next start of the engine" : "") + ".\n";
}

class SettingsList final : public Command {
public:
    SettingsList() {
        m_declaration = {.name = "settings list",
                         .summary = "Show what the engine is set to, and where each value comes from.",
                         .positionals = {{"NAME", "only these settings", &m_names, false}},
                         .examples = {"modelmora settings list", "modelmora settings list memory-budget --json"}};
    }
    Result<ExitCode> run(Context& context) override {
        v1::ListSettingsRequest request;
        for (const std::string& name : m_names)
            request.add_names(name);
        MM_TRY(const auto listed, context.engine().call(&SettingsApi::ListSettings, request));
        context.show(listed, [&] { return describeSettings(listed, context.terminal); });
        return ExitCode::Ok;
    }

private:
    std::vector<std::string> m_names;
};

class SettingsSet final : public Command {
public:
    SettingsSet() {
        m_declaration = {
            .name = "settings set",
            .summary = "Change settings while the engine runs, and for its next starts: all of them or none.",
            .positionals = {{"NAME=VALUE", "a setting with its new value, as a flag would have it", &m_pairs}},
            .examples = {"modelmora settings set memory-budget=0.5",
                         "modelmora settings set max-waiting=500 idle-unload=600"},
            .details = "Changes are kept in settings.yaml in the data folder, above the configuration file and below "
                       "environment variables and flags. Some hold at once, the others from the next start on."};
    }
    Result<ExitCode> run(Context& context) override {
        v1::ChangeSettingsRequest request;
        for (const std::string& pair : m_pairs) {
            const std::size_t equals = pair.find('=');
            if (equals == std::string::npos || equals == 0)
                return Error{ErrorCode::ValidationError, "'" + pair + "' is not of the form NAME=VALUE."};
            v1::SettingChange& change = *request.add_changes();
            change.set_name(pair.substr(0, equals));
            change.set_value(pair.substr(equals + 1));
        }
        MM_TRY(const auto changed, context.engine().call(&SettingsApi::ChangeSettings, request));
        context.show(changed, [&] {
            std::string text;
            for (const v1::Setting& setting : changed.settings())
                text += describeChange(setting);
            return text;
        });
        return ExitCode::Ok;
    }

private:
    std::vector<std::string> m_pairs;
};

class SettingsReset final : public Command {
public:
    SettingsReset() {
        m_declaration = {.name = "settings reset",
                         .summary = "Drop the change of a setting: it is what the other sources say again.",
                         .positionals = {{"NAME", "the setting", &m_name}},
                         .examples = {"modelmora settings reset memory-budget"}};
    }
    Result<ExitCode> run(Context& context) override {
        v1::ResetSettingRequest request;
        request.set_name(m_name);
        MM_TRY(const v1::Setting setting, context.engine().call(&SettingsApi::ResetSetting, request));
        context.show(setting, [&] { return describeChange(setting); });
        return ExitCode::Ok;
    }

private:
    std::string m_name;
};

} // namespace

std::unique_ptr<Command> makeSettingsList() {
    return std::make_unique<SettingsList>();
}
std::unique_ptr<Command> makeSettingsSet() {
    return std::make_unique<SettingsSet>();
}
std::unique_ptr<Command> makeSettingsReset() {
    return std::make_unique<SettingsReset>();
}

} // namespace mm::cli
