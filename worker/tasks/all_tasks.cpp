#include "worker/tasks/embed_load.h"
#include "worker/tasks/task_registry.h"

namespace mm::worker {

void registerAllTasks(TaskRegistry& registry) {
    registry.add(modelmora::v1::TASK_TYPE_TXT2EMBED, loadEmbed);
}

} // namespace mm::worker
