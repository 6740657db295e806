#include "cli/client/client_tls.h"

namespace mm::cli {

Result<TlsTexts> readTls(const TlsOptions& options) {
    if (options.certificate.empty() != options.key.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate and --tls-key belong together, and only one of them is given."};
    if (options.ca.empty() && !options.certificate.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate is of no use without --tls-ca, which says whom to believe; \"system\" takes "
                     "those that the system believes."};
    if (options.ca.empty())
        return TlsTexts();
    MM_TRY(ClientTlsTexts texts,
           readClientTls({options.ca == kSystemCa ? std::string() : options.ca, options.certificate, options.key}));
    return TlsTexts(std::move(texts));
}

std::shared_ptr<grpc::ChannelCredentials> channelCredentials(const TlsTexts& texts) {
    if (!texts)
        return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions pem;
    pem.pem_root_certs = texts->ca;
    pem.pem_cert_chain = texts->certificates;
    pem.pem_private_key = texts->key;
    return grpc::SslCredentials(pem);
}

} // namespace mm::cli
