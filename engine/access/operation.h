// Everything that can be asked of an engine, and who may: the one table that REST routes, gRPC methods and the services
// behind them are checked by. Pure, any thread.
#pragma once

#include "engine/access/role.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace mm::access {

enum class Operation : std::uint8_t {
    CheckAlive,
    CheckReady,
    ReadIdentity,
    ReadDocuments,
    ReadStatus,
    ReadMetrics,
    ReadHistory,
    ReadDiagnosis,
    ReadModels,
    PlanLoad,
    ReadQueue,
    WatchEvents,
    Infer,
    SubmitJob,
    ReadJobs,
    CancelJob,
    RetryJob,
    CancelRequest,
    LoadModel,
    UnloadModel,
    PinModel,
    ChangeQueue,
    RegisterModel,
    UpdateModel,
    DeleteModel,
    ChangeVersion,
    ChangeLogging,
    ReadSettings,
    ChangeSettings,
    ReadKeys,
    ChangeKeys,
    ReadAudit,
};

struct OperationRule {
    Operation operation;
    std::string_view name; // as errors and the audit show it
    Role role;             // the least that may
    bool isOpen = false;   // needs no credentials
    bool isScoped = false; // is about one model, which the caller's patterns must cover
    bool isOwned = false;  // below operator only of what the caller itself has sent
    bool changes = false;  // something, so that it is audited
};

[[nodiscard]] std::span<const OperationRule> allOperations();
[[nodiscard]] const OperationRule& ruleOf(Operation operation);

} // namespace mm::access
