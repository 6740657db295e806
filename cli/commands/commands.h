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
std::unique_ptr<Command> makeUpdate();            // registration.cpp
std::unique_ptr<Command> makeDelete();            // registration.cpp
std::unique_ptr<Command> makeList();              // catalogue.cpp
std::unique_ptr<Command> makeInfo();              // catalogue.cpp
std::unique_ptr<Command> makeLoad();              // loading.cpp
std::unique_ptr<Command> makeWarmup();            // loading.cpp
std::unique_ptr<Command> makeUnload();            // loading.cpp
std::unique_ptr<Command> makeEvict();             // loading.cpp
std::unique_ptr<Command> makePin();               // loading.cpp
std::unique_ptr<Command> makeUnpin();             // loading.cpp
std::unique_ptr<Command> makeInfer();             // infer.cpp
std::unique_ptr<Command> makeTop();               // measure/top.cpp
std::unique_ptr<Command> makeBench();             // measure/bench.cpp
std::unique_ptr<Command> makeMemory();            // operate/memory.cpp
std::unique_ptr<Command> makePlan();              // operate/memory.cpp
std::unique_ptr<Command> makeKeysCreate();        // access/keys.cpp
std::unique_ptr<Command> makeKeysList();          // access/keys.cpp
std::unique_ptr<Command> makeKeysRotate();        // access/keys.cpp
std::unique_ptr<Command> makeKeysRevoke();        // access/keys.cpp
std::unique_ptr<Command> makeWhoami();            // access/keys.cpp
std::unique_ptr<Command> makeAuditList();         // access/audit.cpp
std::unique_ptr<Command> makeAuditVerify();       // access/audit.cpp
std::unique_ptr<Command> makeQueue();             // operate/queue.cpp
std::unique_ptr<Command> makeRequestsList();      // observe/requests_list.cpp
std::unique_ptr<Command> makeSettingsList();      // settings/settings.cpp
std::unique_ptr<Command> makeSettingsSet();       // settings/settings.cpp
std::unique_ptr<Command> makeSettingsReset();     // settings/settings.cpp
std::unique_ptr<Command> makeLogLevel();          // observe/requests_list.cpp
std::unique_ptr<Command> makeHistory();           // observe/history.cpp
std::unique_ptr<Command> makeMetrics();           // observe/history.cpp
std::unique_ptr<Command> makeDiagnose();          // observe/diagnose.cpp
std::unique_ptr<Command> makeRequestsShow();      // operate/requests.cpp
std::unique_ptr<Command> makeRequestsCancel();    // operate/requests.cpp
std::unique_ptr<Command> makeRequestsHold();      // operate/requests.cpp
std::unique_ptr<Command> makeRequestsRelease();   // operate/requests.cpp
std::unique_ptr<Command> makeRequestsPriority();  // operate/requests.cpp
std::unique_ptr<Command> makeJobsSubmit();        // operate/jobs.cpp
std::unique_ptr<Command> makeJobsList();          // operate/jobs.cpp
std::unique_ptr<Command> makeJobsShow();          // operate/jobs.cpp
std::unique_ptr<Command> makeJobsWait();          // operate/jobs.cpp
std::unique_ptr<Command> makeJobsResult();        // operate/jobs.cpp
std::unique_ptr<Command> makeJobsCancel();        // operate/jobs.cpp
std::unique_ptr<Command> makeJobsRetry();         // operate/jobs.cpp
std::unique_ptr<Command> makeVersionsList();      // versions.cpp
std::unique_ptr<Command> makeVersionsPromote();   // versions.cpp
std::unique_ptr<Command> makeVersionsDeprecate(); // versions.cpp
std::unique_ptr<Command> makeVersionsDelete();    // versions.cpp
std::unique_ptr<Command> makeCompletion();        // about.cpp
std::unique_ptr<Command> makeManual();            // about.cpp
std::unique_ptr<Command> makeVersion();           // about.cpp
std::unique_ptr<Command> makeHelp();              // about.cpp

} // namespace mm::cli
