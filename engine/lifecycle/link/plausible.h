// Whether the numbers in a worker's frames can be true at all. A worker is not trusted: what it says about memory and
// time ends up in the ledger, in statuses and in what clients are charged. Pure, any thread.
#pragma once

#include "modelmora/worker/v1/worker.pb.h"

#include <optional>
#include <string>

namespace mm::lifecycle {

// The first number that cannot be, as "memory.resident_bytes = -5", or a matrix that has another size than it says;
// nothing where all can.
std::optional<std::string> implausible(const modelmora::worker::v1::Loaded& loaded);
std::optional<std::string> implausible(const modelmora::worker::v1::Pong& pong);
std::optional<std::string> implausible(const modelmora::worker::v1::Output& output);

} // namespace mm::lifecycle
