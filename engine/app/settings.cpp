#include "engine/app/settings.h"

#include "engine/app/setting_sources.h"
#include "engine/app/settings_keeper/setting_table.h"

#include <unistd.h>

#include <algorithm>

namespace mm::app {
namespace {

std::string defaultDataDir(const Environment& environment) {
    const auto value = [&](std::string_view name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    if (const std::string state = value("STATE_DIRECTORY"); !state.empty()) // given by systemd
        return state.substr(0, state.find(':'));
    if (const std::string data = value("XDG_DATA_HOME"); !data.empty())
        return data + "/modelmora";
    const std::string home = value("HOME");
    return (home.empty() ? std::string("/var/lib") : home + "/.local/share") + "/modelmora";
}

Error refused(std::vector<FieldError> problems) {
    Error error{ErrorCode::InvalidConfiguration, {}, {}, std::move(problems)};
    for (const FieldError& problem : error.fieldErrors)
        error.message.append(error.message.empty() ? "" : "; ").append(problem.field + ": " + problem.message);
    return error;
}

bool isLoopback(std::string_view address) {
    const std::string_view host = address.substr(0, address.rfind(':'));
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

Result<void> refuseOpenNetwork(const Settings& settings) {
    for (const std::string& address : {settings.restAddress, settings.grpcAddress})
        if (!settings.access && !settings.allowRemote && !isLoopback(address))
            return Error{ErrorCode::InvalidConfiguration,
                         address + " can be reached from other machines, and anyone there could use every model. Ask "
                                   "callers for keys with --access on, bind to 127.0.0.1, or pass --allow-remote if "
                                   "the network is trusted.",
                         {{"address", address}}};
    return {};
}

Result<void> refuseHalfTls(const TlsFiles& tls) {
    if (tls.certificate.empty() != tls.key.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate and --tls-key belong together, and only one of them is given."};
    if (!tls.clientCa.empty() && !tls.isOn())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-client-ca asks clients for certificates, which needs TLS: give --tls-certificate and "
                     "--tls-key as well."};
    return {};
}

// What would be believed to protect, and does not.
Result<void> refuseHalfAccess(const Settings& settings) {
    const AccessSettings& tokens = settings.tokens;
    const bool namesSomebody =
        !tokens.issuer.empty() || !tokens.keys.empty() || !tokens.roleNames.empty() || !tokens.identities.empty();
    if (namesSomebody && !settings.access)
        return Error{ErrorCode::InvalidConfiguration,
                     "jwt-issuer, jwt-keys, jwt-roles and client-identities say who gets in, and access control is "
                     "off: pass --access on as well."};
    if (tokens.issuer.empty() && (!tokens.keys.empty() || !tokens.roleNames.empty()))
        return Error{ErrorCode::InvalidConfiguration,
                     "jwt-keys and jwt-roles need jwt-issuer, which says whose tokens are taken."};
    if (!tokens.identities.empty() && settings.tls.clientCa.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "client-identities needs --tls-client-ca, which says whose certificates are trusted."};
    return {};
}

} // namespace

namespace {

std::vector<SettingName> namesOf(const std::vector<Definition>& known) {
    std::vector<SettingName> names;
    std::transform(known.begin(), known.end(), std::back_inserter(names), [](const auto& d) { return d.name; });
    return names;
}

// What a wrong value of that file means for whoever reads of it at the start.
Error withAdvice(Error error, const std::vector<SettingValue>& given, const std::filesystem::path& file) {
    const bool anyChanged = std::any_of(given.begin(), given.end(),
                                        [](const SettingValue& value) { return value.origin == Origin::Changed; });
    if (anyChanged || error.message.starts_with(file.string()))
        error.message += ". " + file.string() +
                         " holds what was changed while the engine ran: mend it, or remove a line or the whole file to "
                         "do without those changes.";
    return error;
}

Result<void> checkTogether(const Settings& settings) {
    MM_CHECK(refuseHalfTls(settings.tls));
    MM_CHECK(refuseHalfAccess(settings));
    return refuseOpenNetwork(settings);
}

// With what was changed while an earlier engine ran, which lies in the data folder that the others name.
Result<Settings> withChanges(std::vector<SettingValue> given, const std::string& defaultDataDir) {
    const SettingValue* dataDir = strongest(given, "data-dir");
    std::error_code ignored;
    const std::filesystem::path file =
        std::filesystem::absolute(dataDir ? dataDir->text : defaultDataDir, ignored) / kChangedSettings;
    if (std::filesystem::exists(file, ignored)) {
        auto changed = readSettingsFile(namesOf(settingTable(defaultDataDir)), file.string(), Origin::Changed);
        if (!changed.ok())
            return withAdvice(std::move(changed).error(), given, file);
        for (SettingValue& value : *changed) {
            if (value.name == "data-dir")
                return withAdvice({ErrorCode::InvalidConfiguration, value.source + ": data-dir cannot be changed here"},
                                  {value}, file);
            given.push_back(std::move(value));
        }
    }
    auto settings = settingsOf(given, defaultDataDir);
    if (!settings.ok())
        return withAdvice(std::move(settings).error(), given, file);
    return settings;
}

} // namespace

const SettingValue* strongest(const std::vector<SettingValue>& values, std::string_view name) {
    const SettingValue* best = nullptr;
    for (const SettingValue& value : values)
        if (value.name == name && (!best || value.origin >= best->origin))
            best = &value;
    return best;
}

Result<Settings> settingsOf(std::vector<SettingValue> given, const std::string& defaultDataDir) {
    Settings settings;
    std::vector<FieldError> problems;
    for (const Definition& definition : settingTable(defaultDataDir)) {
        const std::string name(definition.name.name);
        const SettingValue* value = strongest(given, name);
        const std::string& text = value ? value->text : definition.fallback;
        settings.origins[name] = value ? value->origin : Origin::Default;
        settings.texts[name] = text;
        if (const Applied wanted = definition.kind.apply(settings, text))
            problems.push_back({value ? value->source : name, "'" + text + "' is not " + *wanted});
    }
    if (!problems.empty())
        return refused(std::move(problems));
    MM_CHECK(checkTogether(settings));
    settings.given = std::move(given);
    settings.defaultDataDir = defaultDataDir;
    return settings;
}

Result<Settings> readSettings(const std::vector<std::string>& arguments, const Environment& environment,
                              CommandLine& commandLine) {
    const std::string dataDir = defaultDataDir(environment);
    MM_TRY(auto given, collectSettings(namesOf(settingTable(dataDir)), arguments, environment, commandLine));
    if (commandLine.help || commandLine.version)
        return settingsOf(std::move(given), dataDir);
    return withChanges(std::move(given), dataDir);
}

Result<Settings> readAgain(const Settings& settings) {
    std::vector<SettingValue> given = settings.given;
    std::erase_if(given, [](const SettingValue& value) { return value.origin == Origin::Changed; });
    return withChanges(std::move(given), settings.defaultDataDir);
}

std::string settingsHelp() {
    std::string text = "Usage: modelmora-engine [--config FILE] [--SETTING VALUE]...\n\n"
                       "Serves machine-learning models over REST and gRPC.\n\nSettings:\n";
    for (const Definition& definition : settingTable(defaultDataDir(processEnvironment()))) {
        std::string flag = "  --" + std::string(definition.name.name) + " " + std::string(definition.name.value);
        flag.resize(std::max<std::size_t>(flag.size() + 1, 36), ' ');
        text.append(flag).append(definition.help);
        if (!definition.fallback.empty())
            text.append(" [").append(definition.fallback).append("]");
        text.append("\n");
    }
    text.append(
        "  --config FILE                     YAML file with the same names as keys\n"
        "  --help, --version\n\n"
        "Each setting can also be given as an environment variable (MODELMORA_DATA_DIR for --data-dir) or in\n"
        "the YAML file (data-dir: …). Flags win over variables, variables over what was changed while the engine ran,\n"
        "and that over the file.\n");
    return text;
}

Environment processEnvironment() {
    Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

} // namespace mm::app
