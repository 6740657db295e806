// The parameters of an infer request: those that the protocol's clients know (priority, timeout, sequences) and the
// task's own, which go on as they are. Pure, any thread.
#pragma once

#include "engine/dialects/oip/infer_call.h"

namespace mm::dialects::oip {

// Those of the request, taken out of the call. priority: 0 as configured, 1 (critical) to 4 (low), or a name. timeout:
// microseconds, 0 the default, rounded up to whole seconds. binary_data_output: what outputs are that say nothing
// themselves. InvalidInput for values of the wrong kind, for sequences (nothing is kept between requests) and for names
// reserved to servers.
Result<void> applyParameters(InferCall& call, modelmora::v1::InferenceRequest& out);

// Those of single tensors: binary_data of an output. Shared memory and the classification extension are not supported,
// and whoever asks for them is told so.
Result<void> applyTensorParameters(InferCall& call);

} // namespace mm::dialects::oip
