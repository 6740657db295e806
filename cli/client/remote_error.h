// What went wrong with a call, as an mm::Error: the engine's own typed error where it sent one, otherwise a sentence
// about the connection. Pure, any thread.
#pragma once

#include "engine/base/error.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

namespace mm::cli {

struct CallFacts {
    std::string engine; // host:port
    int timeoutSeconds = 0;
    std::string tlsCa = {}; // as given; empty: no TLS
    bool showsCertificate = false;
};
Error remoteError(const grpc::Status& status, const grpc::ClientContext& context, const CallFacts& call);

} // namespace mm::cli
