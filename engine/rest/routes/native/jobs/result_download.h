// GET /jobs/{id}/result: the result of a job of any size, whole or a range of it, in bounded memory.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/rest/routes/native/jobs/result_layout.h"

#include <memory>

namespace mm::rest::native {

// Small results go out at once, large ones in pieces, no faster than the client reads them.
void sendJobResult(service::JobService& jobs, const ExchangePtr& exchange,
                   const std::shared_ptr<ResultLayouts>& layouts);

} // namespace mm::rest::native
