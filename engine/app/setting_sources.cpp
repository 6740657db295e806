#include "engine/app/setting_sources.h"

#include "engine/base/near_match.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>

namespace mm::app {
namespace {

Error misconfigured(const std::string& message) {
    return {ErrorCode::InvalidConfiguration, message};
}

const SettingName* find(const std::vector<SettingName>& names, std::string_view name) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.name == name; });
    return found == names.end() ? nullptr : &*found;
}

std::vector<std::string> spelled(const std::vector<SettingName>& names, std::string_view prefix) {
    std::vector<std::string> all{std::string(prefix) + "config", std::string(prefix) + "help"};
    for (const SettingName& name : names)
        all.push_back(std::string(prefix) + std::string(name.name));
    return all;
}

std::string variableFor(std::string_view name) {
    std::string variable = "MODELMORA_";
    for (const char c : name)
        variable.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    return variable;
}

class FlagReader {
public:
    FlagReader(const std::vector<SettingName>& names, const std::vector<std::string>& arguments)
        : m_names(names), m_arguments(arguments) {}

    Result<std::vector<SettingValue>> read(CommandLine& commandLine, std::string& configFile) {
        for (m_at = 0; m_at < m_arguments.size(); ++m_at) {
            const std::string& argument = m_arguments[m_at];
            if (argument == "--help" || argument == "-h") {
                commandLine.help = true;
            } else if (argument == "--version") {
                commandLine.version = true;
            } else {
                MM_CHECK(readOne(argument, configFile));
            }
        }
        return std::move(m_values);
    }

private:
    Result<void> readOne(const std::string& argument, std::string& configFile) {
        const auto equals = argument.find('=');
        const std::string flag = argument.substr(0, equals);
        const std::string name = flag.starts_with("--") ? flag.substr(2) : std::string();
        const SettingName* known = find(m_names, name);
        if (!known && name != "config")
            return misconfigured("unknown argument '" + argument + "'." + didYouMean(flag, spelled(m_names, "--")) +
                                 " See --help.");
        std::string text = "true";
        if (equals != std::string::npos) {
            text = argument.substr(equals + 1);
        } else if (name == "config" || !known->value.empty()) {
            if (m_at + 1 == m_arguments.size())
                return misconfigured(flag + " needs a value" +
                                     (known ? ": " + flag + " " + std::string(known->value) : std::string(": a file")));
            text = m_arguments[++m_at];
        }
        if (name == "config")
            configFile = text;
        else
            m_values.push_back({name, text, Origin::Flag, flag});
        return {};
    }

    const std::vector<SettingName>& m_names;
    const std::vector<std::string>& m_arguments;
    std::vector<SettingValue> m_values;
    std::size_t m_at = 0;
};

std::string at(std::string place, std::string_view what) {
    return place.append(": ").append(what);
}

} // namespace

Result<std::vector<SettingValue>> readSettingsFile(const std::vector<SettingName>& names, const std::string& file,
                                                   Origin origin) {
    std::vector<SettingValue> values;
    try {
        const YAML::Node root = YAML::LoadFile(file);
        if (!root.IsMap() && !root.IsNull())
            return misconfigured(file + ": expected settings as 'name: value' lines");
        for (const auto& entry : root) {
            const auto name = entry.first.as<std::string>();
            const std::string source = file + ":" + std::to_string(entry.first.Mark().line + 1);
            if (!find(names, name))
                return misconfigured(at(source, "unknown setting '") + name + "'." +
                                     didYouMean(name, spelled(names, "")));
            if (!entry.second.IsScalar())
                return misconfigured(at(source, name) + " takes a single value");
            values.push_back({name, entry.second.as<std::string>(), origin, source});
        }
    } catch (const YAML::BadFile&) {
        return misconfigured("cannot read the configuration file " + file);
    } catch (const YAML::Exception& failure) {
        return misconfigured(file + ":" + std::to_string(failure.mark.line + 1) + ": " + failure.msg);
    }
    return values;
}

Result<std::vector<SettingValue>> collectSettings(const std::vector<SettingName>& names,
                                                  const std::vector<std::string>& arguments,
                                                  const Environment& environment, CommandLine& commandLine) {
    std::string configFile;
    if (const auto variable = environment.find("MODELMORA_CONFIG"); variable != environment.end())
        configFile = variable->second;
    MM_TRY(auto flags, FlagReader(names, arguments).read(commandLine, configFile));

    std::vector<SettingValue> values;
    if (!configFile.empty() && !commandLine.help && !commandLine.version) {
        MM_TRY(values, readSettingsFile(names, configFile, Origin::File));
    }
    for (const SettingName& name : names) {
        const std::string variable = variableFor(name.name);
        if (const auto set = environment.find(variable); set != environment.end())
            values.push_back({std::string(name.name), set->second, Origin::Environment, variable});
    }
    values.insert(values.end(), flags.begin(), flags.end());
    return values;
}

} // namespace mm::app
