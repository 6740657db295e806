// Reranking as clients of Jina and Cohere ask for it: /v1/rerank and /v2/rerank.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest::rerank {

void mount(Router& router, const service::Services& services);

} // namespace mm::rest::rerank
