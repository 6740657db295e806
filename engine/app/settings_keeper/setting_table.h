// Every setting there is, one row each: its name, its group, who takes a change of it, its default, a sentence, and
// what it accepts. A setting that is added here has its flag, its variable, its line in the files and its row in every
// face.
#pragma once

#include "engine/app/setting_sources.h"
#include "engine/app/setting_values.h"

#include <string>
#include <string_view>
#include <vector>

namespace mm::app {

enum class Group { Memory, Policies, Limits, Faces, Tls, Access, Retention, Telemetry, Log, Places };

// Who is told of a change while the engine runs. Start: nobody, it is read when the engine starts. Never: it can only
// be given from outside, since the file of changes is found by it.
enum class TakenBy { Lifecycle, Requests, Jobs, Events, Observability, LogLevel, LogFormat, Start, Never };

struct Definition {
    SettingName name;
    Group group;
    TakenBy takenBy;
    std::string fallback;
    std::string_view help;
    ValueKind kind;
};

std::vector<Definition> settingTable(const std::string& defaultDataDir);

std::string_view groupName(Group group);
std::string_view typeName(ValueType type);

} // namespace mm::app
