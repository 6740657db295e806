// OpenAI's dialect under /v1: embeddings and the list of models.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest::openai {

void mount(Router& router, const service::Services& services);

} // namespace mm::rest::openai
