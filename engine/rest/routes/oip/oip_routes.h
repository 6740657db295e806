// The Open Inference Protocol, version 2: everything under /v2 but /v2/rerank.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest::oip {

void mount(Router& router, const service::Services& services);

} // namespace mm::rest::oip
