// Engine: the composition root. Makes every part, connects them by adapters, starts the faces, and takes all of it down
// in order. Lives on the engine thread: the one that calls start() and runs the event loop until stop() is done.
#pragma once

#include "engine/app/settings.h"
#include "engine/base/result.h"

#include <functional>
#include <memory>
#include <string>

namespace grpc {
class Channel;
} // namespace grpc

namespace mm::app {

class Engine {
public:
    // Opens the data folder and the registry and listens; `ready` is called once when the definitions are loaded too.
    // Fails with what a user must mend: folder, database, address.
    static Result<std::unique_ptr<Engine>> start(const Settings& settings, std::function<void()> ready);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Refuses new requests, lets running ones end within the drain timeout, unloads every model, then calls `done`.
    // Called again, it does not wait any longer.
    void stop(std::function<void()> done);

    [[nodiscard]] const std::string& restAddress() const;
    [[nodiscard]] const std::string& grpcAddress() const;
    // To its own gRPC face without a socket, for a console in this process.
    [[nodiscard]] std::shared_ptr<grpc::Channel> inProcessChannel() const;
    // What calls through it show where access control is on, to be an admin's; empty where it is off.
    [[nodiscard]] const std::string& ownKey() const;

private:
    struct Parts;
    explicit Engine(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

} // namespace mm::app
