// What modelmora-console was called with: the settings of its own engine, or which engine it shall be connected to.
// Pure, but for the files that are named.
#pragma once

#include "engine/app/settings.h"
#include "engine/base/result.h"
#include "gui/shell/engines/known_engine.h"

#include <optional>
#include <string>
#include <vector>

namespace mm::gui {

struct ConsoleLine {
    bool help = false;
    bool version = false;
    std::optional<KnownEngine> elsewhere; // --connect
    std::string key;                      // for it
    app::Settings settings;               // of the own engine, where there is no --connect
};

// `arguments` without the program's name. Fails with a sentence that names the flag.
Result<ConsoleLine> readConsoleLine(const std::vector<std::string>& arguments, const app::Environment& environment);

std::string consoleHelp();

} // namespace mm::gui
