// How the gRPC server proves who it is and asks its clients to: TLS from files, or none. Any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/tls/tls_files.h"

#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <memory>

namespace mm::grpc_face {

// The files are looked at again every `refresh`, and renewed ones are used for new connections. Fails with
// InvalidConfiguration that names the file.
Result<std::shared_ptr<grpc::ServerCredentials>> serverCredentials(const TlsFiles& files, std::chrono::seconds refresh);

} // namespace mm::grpc_face
