// Help texts, made from the commands' declarations. Pure, any thread.
#pragma once

#include "cli/command.h"

#include <cstddef>
#include <string>

namespace mm::cli {

// All commands, the flags of them all, and the exit codes; or the commands of one group. Lines are broken at `width`,
// where that is not 0; examples stay whole.
std::string programHelp(const CommandList& commands, const std::string& group = {}, std::size_t width = 0);
std::string commandHelp(const Declaration& declaration, std::size_t width = 0);

} // namespace mm::cli
