#include "engine/ipc/names.h"

#include <array>
#include <utility>

namespace mm {
namespace {

using namespace modelmora::v1;

constexpr std::array<std::pair<TaskType, std::string_view>, 10> kTasks{{
    {TASK_TYPE_TXT2EMBED, "txt2embed"},
    {TASK_TYPE_IMG2EMBED, "img2embed"},
    {TASK_TYPE_TXT2IMG, "txt2img"},
    {TASK_TYPE_IMG2TXT, "img2txt"},
    {TASK_TYPE_TXT2TXT, "txt2txt"},
    {TASK_TYPE_IMG2MASK, "img2mask"},
    {TASK_TYPE_TXT2CLASS, "txt2class"},
    {TASK_TYPE_IMG2CLASS, "img2class"},
    {TASK_TYPE_TXTPAIR2SCORE, "txtpair2score"},
    {TASK_TYPE_TENSOR2TENSOR, "tensor2tensor"},
}};

constexpr std::array<std::pair<Priority, std::string_view>, 5> kPriorities{{
    {PRIORITY_CRITICAL, "critical"},
    {PRIORITY_HIGH, "high"},
    {PRIORITY_NORMAL, "normal"},
    {PRIORITY_LOW, "low"},
    {PRIORITY_NORMAL, "medium"},
}};

constexpr std::array<std::pair<ModelState, std::string_view>, 5> kStates{{
    {MODEL_STATE_UNLOADED, "unloaded"},
    {MODEL_STATE_LOADING, "loading"},
    {MODEL_STATE_LOADED, "loaded"},
    {MODEL_STATE_UNHEALTHY, "unhealthy"},
    {MODEL_STATE_DRAINING, "draining"},
}};

template <typename Table, typename Enum>
std::string_view nameIn(const Table& table, Enum wanted) {
    for (const auto& [value, name] : table)
        if (value == wanted)
            return name;
    return "unspecified";
}

template <typename Table>
auto valueIn(const Table& table, std::string_view wanted) {
    std::optional<typename Table::value_type::first_type> found;
    for (const auto& [value, name] : table)
        if (name == wanted)
            found = value;
    return found;
}

} // namespace

std::string_view taskName(TaskType task) {
    return nameIn(kTasks, task);
}
std::optional<TaskType> taskFromName(std::string_view name) {
    return valueIn(kTasks, name);
}

std::string allTaskNames() {
    std::string names;
    for (const auto& [task, name] : kTasks)
        names.append(names.empty() ? "" : ", ").append(name);
    return names;
}

std::string_view priorityName(Priority priority) {
    return nameIn(kPriorities, priority);
}
std::optional<Priority> priorityFromName(std::string_view name) {
    return valueIn(kPriorities, name);
}

std::string_view stateName(ModelState state) {
    return nameIn(kStates, state);
}

} // namespace mm
