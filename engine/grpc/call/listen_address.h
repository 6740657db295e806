// What can be wrong with an address to listen on, in words; gRPC itself only says that it failed. Any thread, no state.
#pragma once

#include "engine/base/result.h"

#include <string>

namespace mm::grpc_face {

// InvalidConfiguration unless it has the form host:port, with an IPv6 host in brackets.
Result<void> checkListenAddress(const std::string& address);

// Why nothing could listen there, found out by trying: AddressInUse, or InvalidConfiguration with the system's reason.
Error explainListenFailure(const std::string& address);

} // namespace mm::grpc_face
