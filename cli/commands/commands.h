// The makers of the commands, for all_commands.cpp; each lives in the file named beside it.
#pragma once

#include "cli/command.h"

#include <memory>

namespace mm::cli {

std::unique_ptr<Command> makeServe();             // serve.cpp
std::unique_ptr<Command> makeStatus();            // system.cpp
std::unique_ptr<Command> makeHealth();            // system.cpp
std::unique_ptr<Command> makeEvents();            // events.cpp
std::unique_ptr<Command> makeRegister();          // registration.cpp
std::unique_ptr<Command> makeDelete();            // registration.cpp
std::unique_ptr<Command> makeList();              // catalogue.cpp
std::unique_ptr<Command> makeInfo();              // catalogue.cpp
std::unique_ptr<Command> makeLoad();              // loading.cpp
std::unique_ptr<Command> makeUnload();            // loading.cpp
std::unique_ptr<Command> makeInfer();             // infer.cpp
std::unique_ptr<Command> makeVersionsList();      // versions.cpp
std::unique_ptr<Command> makeVersionsPromote();   // versions.cpp
std::unique_ptr<Command> makeVersionsDeprecate(); // versions.cpp
std::unique_ptr<Command> makeVersionsDelete();    // versions.cpp
std::unique_ptr<Command> makeCompletion();        // about.cpp
std::unique_ptr<Command> makeVersion();           // about.cpp
std::unique_ptr<Command> makeHelp();              // about.cpp

} // namespace mm::cli
