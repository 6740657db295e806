// Every command, in the order of the help. A new one is a file in commands/ and a line here.
#pragma once

#include "cli/command.h"

namespace mm::cli {

CommandList allCommands();

} // namespace mm::cli
