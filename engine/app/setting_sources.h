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

struct SettingValue {
    std::string name;
    std::string text;
    Origin origin = Origin::Default;
    std::string source; // "--data-dir", "MODELMORA_DATA_DIR", "engine.yaml:3"
};

// In order of the sources; the same setting may come several times. Unknown names are errors with the nearest known
// one.
Result<std::vector<SettingValue>> collectSettings(const std::vector<SettingName>& names,
                                                  const std::vector<std::string>& arguments,
                                                  const Environment& environment, CommandLine& commandLine);

} // namespace mm::app
