// The engine from the command line: blocking calls over gRPC that give a Result. One thread.
// Fails with ServiceUnavailable and the fact "unreachable" when no engine answers; a call never lasts longer than the
// timeout.
#pragma once

#include "cli/client/client_tls.h"
#include "cli/client/remote_error.h"
#include "engine/base/result.h"
#include "modelmora/v1/access.grpc.pb.h"
#include "modelmora/v1/inference.grpc.pb.h"
#include "modelmora/v1/jobs.grpc.pb.h"
#include "modelmora/v1/management.grpc.pb.h"
#include "modelmora/v1/memory.grpc.pb.h"
#include "modelmora/v1/observability.grpc.pb.h"
#include "modelmora/v1/registry.grpc.pb.h"

#include <functional>
#include <memory>
#include <string>

namespace mm::cli {

namespace v1 = modelmora::v1;

class EngineClient {
public:
    struct Options {
        std::string engine = "127.0.0.1:50051";
        int timeoutSeconds = 0; // 0: each call's own default
        TlsOptions tls = {};
        TlsTexts tlsTexts = {}; // what those files hold
        std::string key = {};   // who asks; empty: none is sent
        bool isAlone = false;   // a connection of its own, where others of this program would share one
    };
    explicit EngineClient(Options options);
    ~EngineClient();

    // For example call(&v1::RegistryService::StubInterface::GetModel, request).
    template <typename Stub, typename Request, typename Response>
    Result<Response> call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                          const Request& request, int defaultSeconds = kQuickSeconds) {
        grpc::ClientContext context;
        const CallFacts facts = prepare(context, defaultSeconds);
        Response response;
        const grpc::Status status = (stub<Stub>().*method)(&context, request, &response);
        if (!status.ok())
            return remoteError(status, context, facts);
        return response;
    }

    using ProgressHandler = std::function<void(const v1::LoadStage&)>;
    Result<v1::ModelStatus> load(const v1::LoadModelRequest& request, const ProgressHandler& progress);
    // Until the engine ends it, the handler returns false, or the timeout is over where one was asked for. `began` is
    // called once nothing is missed any more, with what ends the watch from any thread, then or later.
    using Cancel = std::function<void()>;
    Result<void> watchEvents(const v1::WatchEventsRequest& request,
                             const std::function<bool(const v1::Event&)>& handler,
                             const std::function<void(Cancel)>& began = {});

    [[nodiscard]] const std::string& engine() const { return m_options.engine; }
    [[nodiscard]] int timeoutOr(int defaultSeconds) const {
        return m_options.timeoutSeconds > 0 ? m_options.timeoutSeconds : defaultSeconds;
    }

    static constexpr int kQuickSeconds = 30; // answered from what the engine knows
    static constexpr int kInferSeconds = 60; // as the engine's own default
    static constexpr int kLongSeconds = 600; // hashing files, loading, unloading

private:
    CallFacts prepare(grpc::ClientContext& context, int defaultSeconds) const;
    [[nodiscard]] CallFacts factsOf(int seconds) const;
    void sendKey(grpc::ClientContext& context) const;
    template <typename Stub>
    Stub& stub();

    Options m_options;
    std::unique_ptr<v1::RegistryService::StubInterface> m_registry;
    std::unique_ptr<v1::ManagementService::StubInterface> m_management;
    std::unique_ptr<v1::InferenceService::StubInterface> m_inference;
    std::unique_ptr<v1::JobService::StubInterface> m_jobs;
    std::unique_ptr<v1::MemoryService::StubInterface> m_memory;
    std::unique_ptr<v1::AccessService::StubInterface> m_access;
    std::unique_ptr<v1::ObservabilityService::StubInterface> m_observability;
};

template <>
inline v1::RegistryService::StubInterface& EngineClient::stub() {
    return *m_registry;
}
template <>
inline v1::ManagementService::StubInterface& EngineClient::stub() {
    return *m_management;
}
template <>
inline v1::InferenceService::StubInterface& EngineClient::stub() {
    return *m_inference;
}
template <>
inline v1::MemoryService::StubInterface& EngineClient::stub() {
    return *m_memory;
}
template <>
inline v1::JobService::StubInterface& EngineClient::stub() {
    return *m_jobs;
}
template <>
inline v1::AccessService::StubInterface& EngineClient::stub() {
    return *m_access;
}
template <>
inline v1::ObservabilityService::StubInterface& EngineClient::stub() {
    return *m_observability;
}

} // namespace mm::cli
