#include "engine/rest/all_routes.h"

#include "engine/rest/routes/documents/document_routes.h"
#include "engine/rest/routes/native/native_routes.h"
#include "engine/rest/routes/oip/oip_routes.h"
#include "engine/rest/routes/openai/openai_routes.h"
#include "engine/rest/routes/rerank/rerank_routes.h"
#include "engine/rest/routes/tei/tei_routes.h"

namespace mm::rest {

void registerAllRoutes(Router& router, const service::Services& services) {
    native::mount(router, services);
    oip::mount(router, services);
    openai::mount(router, services);
    rerank::mount(router, services);
    tei::mount(router, services);
    documents::mount(router);
}

} // namespace mm::rest
