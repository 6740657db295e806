#include "engine/grpc/grpc_server.h"

#include "engine/base/log.h"
#include "engine/grpc/all_services.h"
#include "engine/grpc/call/listen_address.h"
#include "engine/grpc/credentials.h"
#include "engine/grpc/health/health_rpc.h"
#include "engine/grpc/observability/call_counter.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace mm {
namespace {

// gRPC's own lines join the engine's. Its errors are mostly about single connections, which is no error of the engine.
void writeLog(gpr_log_func_args* line) {
    const auto level = line->severity == GPR_LOG_SEVERITY_ERROR ? log::Level::Info : log::Level::Debug;
    log::write(level, "grpc", {{"text", line->message}});
}

// Protobuf reports what it could not read; the client gets the same as an error.
void writeProtobufLog(google::protobuf::LogLevel, const char*, int, const std::string& message) {
    log::debug("protobuf", {{"text", message}});
}

// All are settings of the whole process that gRPC wants before its first server.
void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        gpr_set_log_function(&writeLog);
        google::protobuf::SetLogHandler(&writeProtobufLog);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    });
}

void applyLimits(grpc::ServerBuilder& builder, const GrpcServer::Options& options) {
    constexpr int kSecond = 1000;
    builder.SetMaxReceiveMessageSize(static_cast<int>(options.maxMessageBytes));
    builder.SetMaxSendMessageSize(static_cast<int>(options.maxMessageBytes));
    // Two engines on one port would share the calls between them; the second one shall fail instead.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.maxStreams);
    // Clients that have vanished without a word are noticed, and their requests cancelled.
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive.count()) * kSecond);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * kSecond);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10 * kSecond);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    grpc::ResourceQuota quota("modelmora");
    quota.Resize(std::max(options.memoryBytes, 4 * options.maxMessageBytes));
    builder.SetResourceQuota(quota);
}

// Adds the health service, which knows all the others.
std::shared_ptr<grpc_face::HealthBoard> healthOf(grpc_face::ServiceList& list, const grpc_face::Face& face) {
    using grpc::health::v1::Health;
    std::set<std::string> names{Health::service_full_name()};
    for (const auto& [name, service] : list)
        names.insert(name);
    auto board = std::make_shared<grpc_face::HealthBoard>(face.services.events, face.threads, std::move(names));
    list.push_back({Health::service_full_name(), std::make_unique<grpc_face::HealthRpc>(face, board)});
    return board;
}

} // namespace

struct GrpcServer::Impl {
    Options options;
    service::Services services;
    std::shared_ptr<grpc_face::ReplyThreads> threads;
    grpc_face::ServiceList list;
    std::shared_ptr<grpc_face::HealthBoard> health;
    std::unique_ptr<grpc::Server> server;
    std::thread stopper;

    void clear() {
        list.clear();
        health.reset();
        threads.reset();
    }
};

GrpcServer::GrpcServer(Options options, service::Services services)
    : m_impl(std::make_unique<Impl>(Impl{std::move(options), services, {}, {}, {}, {}, {}})) {}

GrpcServer::~GrpcServer() {
    if (m_impl->stopper.joinable())
        m_impl->stopper.join();
    stop(std::chrono::milliseconds(0));
}

Result<int> GrpcServer::start() {
    Impl& impl = *m_impl;
    if (impl.server)
        return Error{ErrorCode::InternalError, "The gRPC server has been started already."};
    MM_CHECK(grpc_face::checkListenAddress(impl.options.address));
    prepareLibrary();
    MM_TRY(const auto credentials, grpc_face::serverCredentials(impl.options.tls, impl.options.tlsRefresh));
    impl.threads = std::make_shared<grpc_face::ReplyThreads>(impl.options.replyThreads);
    const auto held = std::make_shared<grpc_face::HeldBytes>(impl.options.memoryBytes);
    const grpc_face::Face face{impl.services, impl.threads, held, impl.options.maxMessageBytes};
    grpc_face::registerAllServices(impl.list, face);
    impl.health = healthOf(impl.list, face);

    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(impl.options.address, credentials, &port);
    applyLimits(builder, impl.options);
    for (const auto& [name, service] : impl.list)
        builder.RegisterService(service.get());
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> counters;
    counters.push_back(std::make_unique<grpc_face::CallCounters>(impl.services.observability));
    builder.experimental().SetInterceptorCreators(std::move(counters));
    impl.server = builder.BuildAndStart();
    if (!impl.server || port == 0) {
        impl.server.reset();
        impl.clear();
        return grpc_face::explainListenFailure(impl.options.address);
    }
    return port;
}

std::shared_ptr<grpc::Channel> GrpcServer::inProcessChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1); // the server's own bound on what it sends counts
    return m_impl->server->InProcessChannel(arguments);
}

void GrpcServer::stop(std::chrono::milliseconds grace) {
    Impl& impl = *m_impl;
    if (!impl.server)
        return;
    impl.health->stopServing();
    impl.server->Shutdown(std::chrono::system_clock::now() + grace);
    impl.server->Wait();
    impl.threads->stop(); // no call is left that could need them
    impl.server.reset();
    impl.clear();
}

void GrpcServer::stopInBackground(std::chrono::milliseconds grace, std::function<void()> done) {
    if (m_impl->stopper.joinable())
        m_impl->stopper.join();
    m_impl->stopper = std::thread([this, grace, done = std::move(done)] {
        stop(grace);
        if (done)
            done();
    });
}

} // namespace mm
