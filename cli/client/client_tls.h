// What the command line needs to speak TLS with an engine: whom it believes, and who it is itself. Plain values.
#pragma once

#include "engine/base/result.h"
#include "engine/tls/tls_files.h"

#include <grpcpp/security/credentials.h>

#include <memory>
#include <optional>
#include <string>

namespace mm::cli {

inline constexpr const char* kSystemCa = "system";

// Files, as given; empty: none.
struct TlsOptions {
    std::string ca;          // "system": those that the system believes. Empty: no TLS
    std::string certificate; // for engines that ask clients for one
    std::string key;
};

// What the files hold; nothing where no TLS is wanted. Fails with InvalidConfiguration where they do not belong
// together, or naming the file that cannot be read.
using TlsTexts = std::optional<ClientTlsTexts>;
Result<TlsTexts> readTls(const TlsOptions& options);

// Starts gRPC's threads, so not before a command has said which signals it wants for itself.
std::shared_ptr<grpc::ChannelCredentials> channelCredentials(const TlsTexts& texts);

} // namespace mm::cli
