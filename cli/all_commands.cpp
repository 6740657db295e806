#include "cli/all_commands.h"

#include "cli/commands/commands.h"

namespace mm::cli {

CommandList allCommands() {
    CommandList list;
    list.push_back(makeServe());
    list.push_back(makeStatus());
    list.push_back(makeHealth());
    list.push_back(makeEvents());
    list.push_back(makeTop());
    list.push_back(makeRegister());
    list.push_back(makeList());
    list.push_back(makeInfo());
    list.push_back(makePlan());
    list.push_back(makeLoad());
    list.push_back(makeWarmup());
    list.push_back(makeUnload());
    list.push_back(makeEvict());
    list.push_back(makePin());
    list.push_back(makeUnpin());
    list.push_back(makeMemory());
    list.push_back(makeInfer());
    list.push_back(makeBench());
    list.push_back(makeQueue());
    list.push_back(makeRequestsList());
    list.push_back(makeRequestsShow());
    list.push_back(makeRequestsCancel());
    list.push_back(makeRequestsHold());
    list.push_back(makeRequestsRelease());
    list.push_back(makeRequestsPriority());
    list.push_back(makeJobsSubmit());
    list.push_back(makeJobsList());
    list.push_back(makeJobsShow());
    list.push_back(makeJobsWait());
    list.push_back(makeJobsResult());
    list.push_back(makeJobsCancel());
    list.push_back(makeJobsRetry());
    list.push_back(makeHistory());
    list.push_back(makeMetrics());
    list.push_back(makeSettingsList());
    list.push_back(makeSettingsSet());
    list.push_back(makeSettingsReset());
    list.push_back(makeLogLevel());
    list.push_back(makeDiagnose());
    list.push_back(makeUpdate());
    list.push_back(makeDelete());
    list.push_back(makeVersionsList());
    list.push_back(makeVersionsPromote());
    list.push_back(makeVersionsDeprecate());
    list.push_back(makeVersionsDelete());
    list.push_back(makeKeysCreate());
    list.push_back(makeKeysList());
    list.push_back(makeKeysRotate());
    list.push_back(makeKeysRevoke());
    list.push_back(makeWhoami());
    list.push_back(makeAuditList());
    list.push_back(makeAuditVerify());
    list.push_back(makeCompletion());
    list.push_back(makeManual());
    list.push_back(makeVersion());
    list.push_back(makeHelp());
    return list;
}

} // namespace mm::cli
