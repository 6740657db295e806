#include "cli/all_commands.h"

#include "cli/commands/commands.h"

namespace mm::cli {

CommandList allCommands() {
    CommandList list;
    list.push_back(makeServe());
    list.push_back(makeStatus());
    list.push_back(makeHealth());
    list.push_back(makeEvents());
    list.push_back(makeRegister());
    list.push_back(makeList());
    list.push_back(makeInfo());
    list.push_back(makeLoad());
    list.push_back(makeUnload());
    list.push_back(makeInfer());
    list.push_back(makeDelete());
    list.push_back(makeVersionsList());
    list.push_back(makeVersionsPromote());
    list.push_back(makeVersionsDeprecate());
    list.push_back(makeVersionsDelete());
    list.push_back(makeCompletion());
    list.push_back(makeVersion());
    list.push_back(makeHelp());
    return list;
}

} // namespace mm::cli
