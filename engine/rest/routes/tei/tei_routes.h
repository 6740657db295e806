// text-embeddings-inference's dialect: /embed, /rerank, /predict and /info. Its requests name no model: that is the
// only one registered for the task, or the one in the path (/tei/org/repo/embed), or in an additional field "model".
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest::tei {

void mount(Router& router, const service::Services& services);

} // namespace mm::rest::tei
