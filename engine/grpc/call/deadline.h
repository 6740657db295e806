// The deadline of a gRPC call as the timeout of its request, so that what nobody waits for is dropped before it is run.
// Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace mm::grpc_face {

// Whole seconds, rounded up; the call itself still ends at its exact deadline. A timeout that is not acceptable (1 to
// 600) is left as it is, for the engine to say so.
inline void applyDeadline(const grpc::CallbackServerContext& context, modelmora::v1::InferenceRequest& request) {
    constexpr int kLongest = 600;
    if (request.timeout_seconds() < 0 || request.timeout_seconds() > kLongest)
        return;
    if (context.deadline() == std::chrono::system_clock::time_point::max())
        return; // none: the engine's default applies
    const auto left = context.deadline() - std::chrono::system_clock::now();
    const double seconds = std::ceil(std::chrono::duration<double>(left).count());
    const int limit = static_cast<int>(std::clamp(seconds, 1.0, double{kLongest}));
    request.set_timeout_seconds(request.timeout_seconds() == 0 ? limit : std::min(request.timeout_seconds(), limit));
}

} // namespace mm::grpc_face
