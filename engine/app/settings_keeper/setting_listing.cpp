#include "engine/app/settings_keeper/setting_listing.h"

#include <algorithm>

namespace mm::app {

std::string shownText(std::string_view name, const std::string& text) {
    for (const std::string_view word : {"secret", "password", "passphrase", "token", "credential", "api-key"})
        if (name.find(word) != std::string_view::npos && !text.empty())
            return "(not shown)";
    return text;
}

std::string_view originName(Origin origin) {
    switch (origin) {
    case Origin::File:
        return "file";
    case Origin::Changed:
        return "changed";
    case Origin::Environment:
        return "environment";
    case Origin::Flag:
        return "flag";
    case Origin::Default:
        break;
    }
    return "default";
}

std::string whyFixed(const Definition& definition, const Settings& settings) {
    if (definition.takenBy == TakenBy::Never)
        return "The changes are kept in that folder: name it by a flag, a variable or the configuration file.";
    const SettingValue* value = strongest(settings.given, definition.name.name);
    if (!value || value->origin <= Origin::Changed)
        return {};
    const std::string kind = value->origin == Origin::Flag ? "the flag " : "the environment variable ";
    return "It is set by " + kind + value->source +
           ", which stands above what is changed here: start the engine without it to change it.";
}

modelmora::v1::Setting describeSetting(const Definition& definition, const Settings& inForce, const Settings& next,
                                       bool appliesNow) {
    const std::string name(definition.name.name);
    modelmora::v1::Setting setting;
    setting.set_name(name);
    setting.set_group(std::string(groupName(definition.group)));
    setting.set_help(std::string(definition.help));
    setting.set_value(shownText(name, inForce.texts.at(name)));
    setting.set_origin(std::string(originName(inForce.origins.at(name))));
    if (const SettingValue* value = strongest(inForce.given, name))
        setting.set_source(value->source);
    setting.set_default_value(shownText(name, definition.fallback));
    setting.set_applies_now(appliesNow);
    setting.set_changed(std::any_of(next.given.begin(), next.given.end(), [&](const SettingValue& value) {
        return value.name == name && value.origin == Origin::Changed;
    }));
    setting.set_waits_for_restart(inForce.texts.at(name) != next.texts.at(name));
    setting.set_next_value(shownText(name, next.texts.at(name)));
    setting.set_next_origin(std::string(originName(next.origins.at(name))));
    setting.set_fixed(whyFixed(definition, next));
    setting.set_type(std::string(typeName(definition.kind.type)));
    setting.set_minimum(definition.kind.low);
    setting.set_maximum(definition.kind.high);
    for (const std::string& choice : definition.kind.choices)
        setting.add_choices(choice);
    return setting;
}

} // namespace mm::app
