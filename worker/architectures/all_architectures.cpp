#include "worker/architectures/bert.h"
#include "worker/architectures/distilbert.h"
#include "worker/architectures/mpnet.h"
#include "worker/architectures/roberta.h"

namespace mm::worker {

void registerAllArchitectures(ArchitectureRegistry& registry) {
    registerBert(registry);
    registerDistilbert(registry);
    registerMpnet(registry);
    registerRoberta(registry);
}

} // namespace mm::worker
