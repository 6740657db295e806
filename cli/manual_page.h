// The manual page, made from the commands' declarations. Pure, any thread.
#pragma once

#include "cli/command.h"

#include <string>

namespace mm::cli {

// modelmora(1), as man(7) has it.
std::string manualPage(const CommandList& commands);

} // namespace mm::cli
