#include "cli/client/client_tls.h"

#include "engine/tls/tls_files.h"

namespace mm::cli {

Result<std::shared_ptr<grpc::ChannelCredentials>> channelCredentials(const TlsOptions& options) {
    if (options.certificate.empty() != options.key.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate and --tls-key belong together, and only one of them is given."};
    if (options.ca.empty() && !options.certificate.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate is of no use without --tls-ca, which says whom to believe; \"system\" takes "
                     "those that the system believes."};
    if (options.ca.empty())
        return grpc::InsecureChannelCredentials();
    MM_TRY(ClientTlsTexts texts,
           readClientTls({options.ca == kSystemCa ? std::string() : options.ca, options.certificate, options.key}));
    grpc::SslCredentialsOptions pem;
    pem.pem_root_certs = std::move(texts.ca);
    pem.pem_cert_chain = std::move(texts.certificates);
    pem.pem_private_key = std::move(texts.key);
    return grpc::SslCredentials(pem);
}

} // namespace mm::cli
