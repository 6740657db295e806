// Every dialect that REST speaks, one line each.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest {

void registerAllRoutes(Router& router, const service::Services& services);

} // namespace mm::rest
