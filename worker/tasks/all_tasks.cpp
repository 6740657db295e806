#include "worker/tasks/classify/classify_load.h"
#include "worker/tasks/embed/embed_load.h"
#include "worker/tasks/task_registry.h"

namespace mm::worker {

void registerAllTasks(TaskRegistry& registry) {
    registry.add(modelmora::v1::TASK_TYPE_TXT2EMBED, loadEmbed);
    registry.add(modelmora::v1::TASK_TYPE_TXT2CLASS, loadClassify);
    registry.add(modelmora::v1::TASK_TYPE_TXTPAIR2SCORE, loadScore);
}

} // namespace mm::worker
