// The mpnet family: BERT without token types, with a relative position bias that all layers share, and with positions
// that start after the padding token's.
#pragma once

#include "worker/architectures/architecture_registry.h"

namespace mm::worker {

void registerMpnet(ArchitectureRegistry& registry);

} // namespace mm::worker
