// The roberta family (RoBERTa, XLM-RoBERTa and what is built on them): BERT with positions that start after the padding
// token's id.
#pragma once

#include "worker/architectures/architecture_registry.h"

namespace mm::worker {

void registerRoberta(ArchitectureRegistry& registry);

} // namespace mm::worker
