#include "engine/grpc/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace mm::grpc_face {

Result<std::shared_ptr<grpc::ServerCredentials>> serverCredentials(const TlsFiles& files,
                                                                   std::chrono::seconds refresh) {
    if (!files.isOn())
        return grpc::InsecureServerCredentials();
    MM_TRY([[maybe_unused]] const TlsTexts checked, readTls(files)); // for its errors; gRPC reads the files itself
    const auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
        files.key.string(), files.certificate.string(), files.clientCa.string(),
        static_cast<unsigned>(refresh.count()));
    grpc::experimental::TlsServerCredentialsOptions options(provider);
    options.watch_identity_key_cert_pairs();
    if (!files.clientCa.empty()) {
        options.watch_root_certs();
        options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    }
    return grpc::experimental::TlsServerCredentials(options);
}

} // namespace mm::grpc_face
