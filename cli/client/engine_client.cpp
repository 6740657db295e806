#include "cli/client/engine_client.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <utility>

namespace mm::cli {
namespace {

constexpr int kMaxMessageBytes = 64 << 20;
constexpr int kConnectMilliseconds = 5000;

std::shared_ptr<grpc::Channel> connectTo(const EngineClient::Options& options) {
    gpr_set_log_function([](gpr_log_func_args*) {}); // what fails comes back as the status of the call
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    arguments.SetMaxSendMessageSize(kMaxMessageBytes);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0); // a proxy for the web is none for the engine
    // The first attempt gets this long to connect, where the default is 20 s.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMilliseconds);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, options.isAlone ? 1 : 0);
    return grpc::CreateCustomChannel(options.engine, channelCredentials(options.tlsTexts), arguments);
}

} // namespace

EngineClient::EngineClient(Options options) : m_options(std::move(options)) {
    m_stubs.connect(connectTo(m_options));
}

EngineClient::~EngineClient() = default;

CallFacts EngineClient::prepare(grpc::ClientContext& context, int defaultSeconds) const {
    const int seconds = timeoutOr(defaultSeconds);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
    sendKey(context);
    return factsOf(seconds);
}

CallFacts EngineClient::factsOf(int seconds) const {
    return {m_options.engine, seconds, m_options.tls.ca, !m_options.tls.certificate.empty()};
}

void EngineClient::sendKey(grpc::ClientContext& context) const {
    if (!m_options.key.empty())
        context.AddMetadata("authorization", "Bearer " + m_options.key);
}

Result<v1::ModelStatus> EngineClient::load(const v1::LoadModelRequest& request, const ProgressHandler& progress) {
    grpc::ClientContext context;
    const CallFacts facts = prepare(context, kLongSeconds);
    const auto reader = m_stubs.of<v1::ManagementService::StubInterface>().LoadModelWithProgress(&context, request);
    v1::LoadEvent event;
    v1::ModelStatus loaded;
    while (reader->Read(&event)) {
        if (event.has_progress())
            progress(event.progress());
        else if (event.has_status())
            loaded = event.status();
    }
    if (const grpc::Status status = reader->Finish(); !status.ok())
        return remoteError(status, context, facts);
    return loaded;
}

Result<void> EngineClient::watchEvents(const v1::WatchEventsRequest& request,
                                       const std::function<bool(const v1::Event&)>& handler,
                                       const std::function<void(Cancel)>& began) {
    const auto kept = std::make_shared<grpc::ClientContext>();
    grpc::ClientContext& context = *kept;
    // What is remembered comes at once; what is to come may take for ever.
    const bool endless = !request.remembered_only() && m_options.timeoutSeconds == 0;
    if (endless)
        sendKey(context);
    const CallFacts facts = endless ? factsOf(0) : prepare(context, kQuickSeconds);
    const auto reader = m_stubs.of<v1::ManagementService::StubInterface>().WatchEvents(&context, request);
    if (began) {
        reader->WaitForInitialMetadata();
        began([kept] { kept->TryCancel(); });
    }
    v1::Event event;
    while (reader->Read(&event))
        if (!handler(event)) {
            context.TryCancel();
            (void)reader->Finish();
            return {};
        }
    if (const grpc::Status status = reader->Finish(); !status.ok())
        return remoteError(status, context, facts);
    return {};
}

} // namespace mm::cli
