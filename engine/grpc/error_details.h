// The standard details of google.rpc.Status that belong to an error, beside our own: what to ask again and when, which
// fields, which resource, which request. Bounded, since they travel in a trailer. Pure, any thread.
#pragma once

#include "engine/base/error.h"
#include "google/rpc/status.pb.h"

#include <string>

namespace mm::grpc_face {

inline constexpr const char* kErrorDomain = "modelmora";

// At most about 1,000 bytes in all: what does not fit is left out, the longest lists first; our own detail has it.
void addStandardDetails(const Error& error, const std::string& requestId, google::rpc::Status& status);

} // namespace mm::grpc_face
