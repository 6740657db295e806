#include "engine/rest/routes/native/native_routes.h"

#include "engine/rest/routes/native/native_error.h"

namespace mm::rest::native {

std::string api(std::string_view path) {
    return std::string(kPrefix).append(path);
}

void mount(Router& router, const service::Services& services) {
    router.setErrorFormat({}, errorAnswer);
    mountModels(router, services);
    mountVersions(router, services);
    mountLifecycle(router, services);
    mountJobs(router, services);
    mountInference(router, services);
    mountQueue(router, services);
    mountHealth(router, services);
    mountEvents(router, services);
    mountObservability(router, services);
    mountSettings(router, services);
    mountAccess(router, services);
}

} // namespace mm::rest::native
