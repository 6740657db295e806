// What the command line needs to speak TLS with an engine: whom it believes, and who it is itself. Plain values.
#pragma once

#include "engine/base/result.h"

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

namespace mm::cli {

inline constexpr const char* kSystemCa = "system";

// Files, as given; empty: none.
struct TlsOptions {
    std::string ca;          // "system": those that the system believes. Empty: no TLS
    std::string certificate; // for engines that ask clients for one
    std::string key;
};

// Fails with InvalidConfiguration where they do not belong together, or naming the file that cannot be read.
Result<std::shared_ptr<grpc::ChannelCredentials>> channelCredentials(const TlsOptions& options);

} // namespace mm::cli
