// Whether a folder looks like a model that can do a task: configuration, tokenizer and weights are there, the weights
// are safetensors, and the architecture takes that kind of input. A look at names and config.json only; the worker
// checks the contents when it loads. Fails with InvalidModelFiles or UnsupportedModel. Blocks; any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/files/folder_listing.h"
#include "modelmora/v1/common.pb.h"

#include <string>

namespace mm::registry {

// Gives the architecture, the "model_type" of config.json; empty where the task needs no configuration.
Result<std::string> checkModelFolder(const FolderListing& listing, modelmora::v1::TaskType task);

} // namespace mm::registry
