// The distilbert family: BERT's arithmetic without token types, under names and config keys of its own.
#pragma once

#include "worker/architectures/architecture_registry.h"

namespace mm::worker {

void registerDistilbert(ArchitectureRegistry& registry);

} // namespace mm::worker
