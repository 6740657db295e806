// What waits and runs, as people read it. Pure, but for the clock that tells how far off a time is.
#pragma once

#include "cli/output/terminal.h"
#include "modelmora/v1/inference.pb.h"

#include <string>

namespace mm::cli {

namespace v1 = modelmora::v1;

std::string describeQueue(const v1::QueueReport& report, const Terminal& terminal);
std::string describeEntry(const v1::QueueEntry& entry, const Terminal& terminal);

} // namespace mm::cli
