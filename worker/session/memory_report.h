// What this process occupies, as the kernel counts it: resident, of that private, and the most it ever was. Any thread.
#pragma once

#include "modelmora/worker/v1/worker.pb.h"

namespace mm::worker {

modelmora::worker::v1::Memory memoryReport();

// Private memory that is mapped, whether it was ever touched or not.
std::int64_t mappedPrivateBytes();

} // namespace mm::worker
