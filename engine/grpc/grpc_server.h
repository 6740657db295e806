// The gRPC face: the public services on one port, with the standard health service and reflection.
// Owned by whoever runs the engine; the services it is given outlive it. start() and stop() from one thread, but stop()
// not from the engine thread: it waits for calls whose answers come from there (stopInBackground() is for that thread).
// start() fails with AddressInUse when the port is taken and InvalidConfiguration when the address is not one or TLS
// cannot be had from its files.
#pragma once

#include "engine/base/result.h"
#include "engine/service/services.h"
#include "engine/tls/tls_files.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace grpc {
class Channel;
} // namespace grpc

namespace mm {

class GrpcServer {
public:
    struct Options {
        std::string address = "127.0.0.1:50051"; // host:port; port 0 takes a free one
        std::size_t memoryBytes = 512U << 20;    // what gRPC may hold for calls before it slows its clients down
        int replyThreads = 2;                    // encode and send the answers
        std::size_t maxMessageBytes = 64U << 20; // of a request or an answer
        std::chrono::seconds keepalive{30};      // silence after which a client is asked whether it is still there
        int maxStreams = 1024;                   // calls of one connection at one time
        TlsFiles tls = {};
        std::chrono::seconds tlsRefresh{60}; // how often the files are looked at again
    };

    GrpcServer(Options options, service::Services services);
    // stop() without grace.
    ~GrpcServer();
    GrpcServer(const GrpcServer&) = delete;
    GrpcServer& operator=(const GrpcServer&) = delete;

    // The port that it listens on.
    Result<int> start();
    // To it from within this process, without a socket; from start() on.
    [[nodiscard]] std::shared_ptr<grpc::Channel> inProcessChannel() const;
    // Takes no new calls, gives those under way `grace` to end, then cancels them. Returns when none is left.
    void stop(std::chrono::milliseconds grace);
    // The same on a thread of its own; `done` is called there. The server must live until then.
    void stopInBackground(std::chrono::milliseconds grace, std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace mm
