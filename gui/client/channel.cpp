#include "gui/client/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace mm::gui {
namespace {

constexpr int kMaxMessageBytes = 64 << 20;
constexpr int kFirstRetry = 500; // ms
constexpr int kLastRetry = 2'000;

std::shared_ptr<grpc::ChannelCredentials> credentialsOf(const std::optional<ClientTlsTexts>& tls) {
    if (!tls)
        return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions pem;
    pem.pem_root_certs = tls->ca;
    pem.pem_cert_chain = tls->certificates;
    pem.pem_private_key = tls->key;
    return grpc::SslCredentials(pem);
}

} // namespace

std::shared_ptr<grpc::Channel> channelTo(const std::string& address, const std::optional<ClientTlsTexts>& tls) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    arguments.SetMaxSendMessageSize(kMaxMessageBytes);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0); // a proxy for the web is none for the engine
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstRetry);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLastRetry);
    return grpc::CreateCustomChannel(address, credentialsOf(tls), arguments);
}

} // namespace mm::gui
