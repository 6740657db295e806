// What went wrong with a call, as an mm::Error: the engine's own where it sent one, otherwise a sentence about the
// connection. Pure.
#pragma once

#include "engine/base/error.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

namespace mm::gui {

Error faultOf(const grpc::Status& status, const grpc::ClientContext& context, const std::string& address);

// Whether nobody answers there, as opposed to an engine that refuses.
bool isUnreachable(const grpc::Status& status);

} // namespace mm::gui
