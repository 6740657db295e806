// Shell completion, made from the commands' declarations. Pure, any thread.
#pragma once

#include "cli/command.h"

#include <optional>
#include <string>

namespace mm::cli {

// The script for "bash", "zsh" or "fish"; nothing for other shells.
std::optional<std::string> completionScript(const std::string& shell, const CommandList& commands);

} // namespace mm::cli
