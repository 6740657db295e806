#include "engine/access/operation.h"

#include <array>

namespace mm::access {
namespace {

constexpr auto kRules = std::to_array<OperationRule>({
    {.operation = Operation::CheckAlive, .name = "health.live", .role = Role::Viewer, .isOpen = true},
    {.operation = Operation::CheckReady, .name = "health.ready", .role = Role::Viewer, .isOpen = true},
    {.operation = Operation::ReadIdentity, .name = "identity.read", .role = Role::Viewer},
    {.operation = Operation::ReadDocuments, .name = "documents.read", .role = Role::Viewer},
    {.operation = Operation::ReadStatus, .name = "status.read", .role = Role::Viewer},
    {.operation = Operation::ReadMetrics, .name = "metrics.read", .role = Role::Viewer},
    {.operation = Operation::ReadHistory, .name = "history.read", .role = Role::Viewer, .isScoped = true},
    {.operation = Operation::ReadDiagnosis, .name = "diagnosis.read", .role = Role::Operator},
    {.operation = Operation::ReadModels, .name = "models.read", .role = Role::Viewer, .isScoped = true},
    {.operation = Operation::PlanLoad, .name = "model.plan", .role = Role::Viewer, .isScoped = true},
    {.operation = Operation::ReadQueue, .name = "queue.read", .role = Role::Viewer},
    {.operation = Operation::WatchEvents, .name = "events.watch", .role = Role::Viewer},
    {.operation = Operation::Infer, .name = "infer", .role = Role::User, .isScoped = true},
    {.operation = Operation::SubmitJob, .name = "job.submit", .role = Role::User, .isScoped = true},
    {.operation = Operation::ReadJobs, .name = "jobs.read", .role = Role::User, .isOwned = true},
    {.operation = Operation::CancelJob, .name = "job.cancel", .role = Role::User, .isOwned = true, .changes = true},
    {.operation = Operation::RetryJob, .name = "job.retry", .role = Role::User, .isOwned = true, .changes = true},
    {.operation = Operation::CancelRequest,
     .name = "request.cancel",
     .role = Role::User,
     .isOwned = true,
     .changes = true},
    {.operation = Operation::LoadModel,
     .name = "model.load",
     .role = Role::Operator,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::UnloadModel,
     .name = "model.unload",
     .role = Role::Operator,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::PinModel, .name = "model.pin", .role = Role::Operator, .isScoped = true, .changes = true},
    {.operation = Operation::ChangeQueue, .name = "queue.change", .role = Role::Operator, .changes = true},
    {.operation = Operation::RegisterModel,
     .name = "model.register",
     .role = Role::Admin,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::UpdateModel,
     .name = "model.update",
     .role = Role::Admin,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::DeleteModel,
     .name = "model.delete",
     .role = Role::Admin,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::ChangeVersion,
     .name = "version.change",
     .role = Role::Admin,
     .isScoped = true,
     .changes = true},
    {.operation = Operation::ChangeLogging, .name = "logging.change", .role = Role::Admin, .changes = true},
    {.operation = Operation::ReadSettings, .name = "settings.read", .role = Role::Operator},
    {.operation = Operation::ChangeSettings, .name = "settings.change", .role = Role::Admin, .changes = true},
    {.operation = Operation::ReadKeys, .name = "keys.read", .role = Role::Admin},
    {.operation = Operation::ChangeKeys, .name = "keys.change", .role = Role::Admin, .changes = true},
    {.operation = Operation::ReadAudit, .name = "audit.read", .role = Role::Admin},
});

// Found by their place.
constexpr bool isInOrder() {
    for (std::size_t i = 0; i < kRules.size(); ++i)
        if (static_cast<std::size_t>(kRules[i].operation) != i)
            return false;
    return true;
}
static_assert(isInOrder());
static_assert(kRules.size() == static_cast<std::size_t>(Operation::ReadAudit) + 1);

} // namespace

std::span<const OperationRule> allOperations() {
    return kRules;
}

const OperationRule& ruleOf(Operation operation) {
    return kRules.at(static_cast<std::size_t>(operation));
}

} // namespace mm::access
