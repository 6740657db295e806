// Writes the frame that asks a worker to run one request, straight from the shared request: it is neither copied nor
// put into an envelope message first. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <string>

namespace mm::lifecycle {

// Appends EngineFrame{run{items{id, request}}}. PayloadTooLarge, leaving `out` as it was, over the frame limit.
Result<void> appendRunFrame(std::uint64_t id, const modelmora::v1::InferenceRequest& request, std::string& out);

} // namespace mm::lifecycle
