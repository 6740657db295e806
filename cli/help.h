// Help texts, made from the commands' declarations. Pure, any thread.
#pragma once

#include "cli/command.h"

#include <string>

namespace mm::cli {

// All commands, the flags of them all, and the exit codes; or the commands of one group.
std::string programHelp(const CommandList& commands, const std::string& group = {});
std::string commandHelp(const Declaration& declaration);

} // namespace mm::cli
