// OpenAI's dialect under /v1: embeddings and the list of models; embeddings also where its first clients and those of
// Azure look for them, with the model in the path.
#pragma once

#include "engine/rest/router.h"
#include "engine/service/services.h"

namespace mm::rest::openai {

void mount(Router& router, const service::Services& services);

} // namespace mm::rest::openai
