// What a bug report needs of what stands apart from the work: versions, the machine, the settings. Secrets are
// left out. Pure, but for what the system says of itself.
#pragma once

#include "engine/app/settings.h"
#include "modelmora/v1/observability.pb.h"

namespace mm::app {

[[nodiscard]] modelmora::v1::Diagnosis diagnosisFacts(const Settings& settings);

} // namespace mm::app
