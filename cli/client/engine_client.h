// The engine from the command line: blocking calls over gRPC that give a Result. One thread.
// Fails with ServiceUnavailable and the fact "unreachable" when no engine answers; a call never lasts longer than the
// timeout.
#pragma once

#include "cli/client/client_tls.h"
#include "cli/client/remote_error.h"
#include "engine/base/result.h"
#include "engine/ipc/service_stubs.h"

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
        const grpc::Status status = (m_stubs.of<Stub>().*method)(&context, request, &response);
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

    Options m_options;
    ServiceStubs m_stubs;
};

} // namespace mm::cli
