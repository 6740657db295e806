// Which tasks this worker can do: a factory for each, from a model's folder to a Model. Filled once by
// registerAllTasks(); a task is one line there. Immutable afterwards. load() runs on the compute thread and throws
// Failure naming what is wrong.
#pragma once

#include "modelmora/v1/common.pb.h"
#include "worker/tasks/model.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::worker {

struct LoadOptions {
    std::filesystem::path folder;
    modelmora::v1::TaskType task = modelmora::v1::TASK_TYPE_UNSPECIFIED;
    std::string dtype = "auto";
    std::string device = "auto";
    int threads = 1;
    // An operator's limit on the tokens of one input; the model's own where unset.
    std::optional<int> maxLength;
    // Tokens that one step computes together, and sequences where that is limited too.
    int maxBatchTokens = 4096;
    std::optional<int> maxBatchSize;
    // Samples that are computed at load, beside the worker's own: the lengths that are usual for this model.
    std::vector<std::string> warmUpTexts;
    // Private memory of the process; 0: as much as there is.
    std::int64_t memoryLimitBytes = 0;
};

// How far a load is: the stage's name, done and total in its own unit, and what it works on.
using LoadProgress = std::function<void(const char* stage, std::int64_t done, std::int64_t total, const std::string&)>;

class TaskRegistry {
public:
    using Factory = std::function<std::unique_ptr<Model>(const LoadOptions&, const LoadProgress&)>;

    void add(modelmora::v1::TaskType task, Factory factory);
    // The model has its warm-up admitted: the load is done when steps have made it idle, and has failed where one
    // throws.
    [[nodiscard]] std::unique_ptr<Model> load(const LoadOptions& options, const LoadProgress& progress) const;

private:
    std::map<modelmora::v1::TaskType, Factory> m_factories;
};

void registerAllTasks(TaskRegistry& registry);

} // namespace mm::worker
