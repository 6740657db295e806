#include "worker/tasks/task_registry.h"

#include "engine/ipc/names.h"
#include "worker/runtime/failure.h"

namespace mm::worker {

void TaskRegistry::add(modelmora::v1::TaskType task, Factory factory) {
    m_factories[task] = std::move(factory);
}

std::unique_ptr<Model> TaskRegistry::load(const LoadOptions& options, const LoadProgress& progress) const {
    const auto found = m_factories.find(options.task);
    if (found == m_factories.end()) {
        std::string known;
        for (const auto& [task, factory] : m_factories)
            known += (known.empty() ? "" : ", ") + std::string(taskName(task));
        throw Failure(ErrorCode::UnsupportedModel,
                      "this worker cannot do the task '" + std::string(taskName(options.task)) +
                          "'; it can do: " + known,
                      {{"task", std::string(taskName(options.task))}});
    }
    return found->second(options, progress);
}

} // namespace mm::worker
