#include "engine/registry/rules/version_transitions.h"

#include "engine/base/near_match.h"
#include "engine/ipc/names.h"
#include "engine/registry/model_id.h"

namespace mm::registry {
namespace {

std::string inQuotes(std::string_view text) {
    return std::string("'").append(text).append("'");
}

} // namespace

Result<void> checkNewVersion(const ModelVersions& model, const ModelEntry& entry) {
    if (model.find(entry.version))
        return Error{ErrorCode::ModelAlreadyExists,
                     "Model " + inQuotes(versionedId(entry.modelId, entry.version)) +
                         " is already registered. Update it, delete it first, or register another version.",
                     {{"model", entry.modelId}, {"version", entry.version}}};
    const EntryPtr current = model.current();
    if (current && current->task != entry.task)
        return invalidField("task_type", "is " + std::string(taskName(entry.task)) + ", but " + entry.modelId +
                                             " is registered for " + std::string(taskName(current->task)) +
                                             "; all versions of a model have one task");
    return {};
}

Result<void> checkPromotion(const ModelEntry& entry) {
    if (entry.status != ModelStatus::Failed)
        return {};
    return Error{ErrorCode::IllegalTransition,
                 "Version " + inQuotes(versionedId(entry.modelId, entry.version)) +
                     " cannot become the current one: its status is failed (" + entry.statusMessage + ").",
                 {{"model", entry.modelId}, {"version", entry.version}}};
}

Error modelNotFound(std::string_view modelId, const std::vector<std::string>& known) {
    Error error{ErrorCode::ModelNotFound,
                "Model " + inQuotes(modelId) + " is not registered.",
                {{"model", std::string(modelId)}}};
    if (const auto near = nearMatch(modelId, known)) {
        error.message += " Did you mean " + inQuotes(*near) + "?";
        error.facts["suggestion"] = *near;
    }
    return error;
}

Error versionNotFound(std::string_view version, const ModelVersions& model) {
    constexpr std::size_t kShown = 10;
    std::vector<std::string> known;
    for (const EntryPtr& entry : model.versions)
        known.push_back(entry->version);
    Error error{ErrorCode::VersionNotFound,
                "Model " + inQuotes(model.modelId) + " has no version " + inQuotes(version) + ".",
                {{"model", model.modelId}, {"version", std::string(version)}}};
    if (const auto near = nearMatch(version, known)) {
        error.message += " Did you mean " + inQuotes(*near) + "?";
        error.facts["suggestion"] = *near;
    }
    if (known.size() > kShown)
        known.resize(kShown);
    error.facts["versions"] = known;
    return error;
}

Error revisionConflict(std::string_view modelId, std::int64_t expected, std::int64_t actual) {
    return {ErrorCode::RevisionConflict,
            "Model " + inQuotes(modelId) + " has changed since it was read: it is at revision " +
                std::to_string(actual) + ", the change was made for revision " + std::to_string(expected) +
                ". Read it again and repeat.",
            {{"model", std::string(modelId)}, {"expected_revision", expected}, {"revision", actual}}};
}

Error versionIsCurrent(const ModelEntry& entry, std::string_view done) {
    return {ErrorCode::VersionIsCurrent,
            "Version " + inQuotes(versionedId(entry.modelId, entry.version)) + " is the current one and cannot be " +
                std::string(done) + ". Promote another version first" +
                (done == "deleted" ? ", or delete the model." : "."),
            {{"model", entry.modelId}, {"version", entry.version}}};
}

} // namespace mm::registry
