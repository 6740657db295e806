// mm::Error on its way out of gRPC: the status code of each ErrorCode, and the typed error beside it. Pure, any thread.
//
// A failed call carries the modelmora.v1.Error twice: in "grpc-status-details-bin" as the first of the details of a
// google.rpc.Status (what the standard helpers of every language read), before the standard ones, and by itself in the
// trailing metadata "modelmora-error-bin" (for clients without those helpers). Trailers are limited to 8 KiB by most
// clients, so a longer error is shortened: first its untyped details, then its longest facts; lists keep their end, and
// the fact "shortened" says so.
#pragma once

#include "engine/base/error.h"
#include "modelmora/v1/common.pb.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

namespace mm::grpc_face {

inline constexpr const char* kErrorTrailer = "modelmora-error-bin";

grpc::StatusCode toStatusCode(ErrorCode code);

// The error as it fits into a trailer.
modelmora::v1::Error toTrailerError(const Error& error);

// The status to finish a call with, after adding the trailer to its context. `requestId` may be empty.
grpc::Status toStatus(const Error& error, grpc::CallbackServerContext& context, const std::string& requestId = {});

} // namespace mm::grpc_face
