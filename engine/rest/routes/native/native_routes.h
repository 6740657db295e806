// The native API: everything under /api/v1, and those of its routes that also answer without the prefix.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

#include <string_view>

namespace mm::rest::native {

void mount(Router& router, const service::Services& services);

// The parts of it, each in its file.
void mountModels(Router& router, const service::Services& services);
void mountVersions(Router& router, const service::Services& services);
void mountLifecycle(Router& router, const service::Services& services);
void mountInference(Router& router, const service::Services& services);
void mountQueue(Router& router, const service::Services& services);
void mountJobs(Router& router, const service::Services& services);
void mountHealth(Router& router, const service::Services& services);
void mountObservability(Router& router, const service::Services& services);
void mountSettings(Router& router, const service::Services& services);
void mountAccess(Router& router, const service::Services& services);
void mountEvents(Router& router, const service::Services& services);

inline constexpr std::string_view kPrefix = "/api/v1";
// "/api/v1" + path
std::string api(std::string_view path);

} // namespace mm::rest::native
