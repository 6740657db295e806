// Jobs, as people read them. Pure, but for the clock that tells how long ago something was.
#pragma once

#include "cli/output/terminal.h"
#include "modelmora/v1/inference.pb.h"

#include <string>

namespace mm::cli {

namespace v1 = modelmora::v1;

std::string describeJobs(const v1::ListJobsResponse& jobs, const Terminal& terminal);
std::string describeJob(const v1::JobStatusResponse& job, const Terminal& terminal);

} // namespace mm::cli
