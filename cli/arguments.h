// The command line: words in, the chosen command with its values filled in out. Pure apart from the commands' own
// targets. What cannot be understood is an Error(ValidationError) that says what was meant, where that is likely.
#pragma once

#include "cli/command.h"

#include <string>
#include <vector>

namespace mm::cli {

struct Parsed {
    Command* command = nullptr; // null: help for the program, or for `group`
    std::string group;          // "versions"
    bool help = false;
};

// The flags that every command knows, bound to `options`.
std::vector<Flag> globalFlags(GlobalOptions& options);

// `words` without the program's name.
Result<Parsed> parseArguments(const std::vector<std::string>& words, const CommandList& commands,
                              GlobalOptions& options);

} // namespace mm::cli
