// Reads settings as text from flags, environment and YAML, knowing their names but not their meaning. Pure but for the
// YAML file; any thread.
#pragma once

#include "engine/app/settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace mm::app {

struct SettingName {
    std::string_view name;  // "data-dir"
    std::string_view value; // what it takes, for the help: "DIR"; empty for a switch
};

// In order of the sources; the same setting may come several times. Unknown names are errors with the nearest known
// one.
Result<std::vector<SettingValue>> collectSettings(const std::vector<SettingName>& names,
                                                  const std::vector<std::string>& arguments,
                                                  const Environment& environment, CommandLine& commandLine);

// The lines of one YAML file, as from that origin.
Result<std::vector<SettingValue>> readSettingsFile(const std::vector<SettingName>& names, const std::string& file,
                                                   Origin origin);

} // namespace mm::app
