// WorkerClient: speaks the worker protocol over a FrameChannel and keeps what is asked and not answered yet, by id. It
// trusts nothing: an unparseable or out-of-order frame, an unknown or already answered id, a number that cannot be true
// and another protocol version cut the worker off for good. When the worker is lost its owner calls rejectAll(), and
// every handler hears why. Engine thread only.
#pragma once

#include "engine/base/clock.h"
#include "engine/lifecycle/link/frame_channel.h"
#include "engine/lifecycle/model_lease.h"

#include <optional>
#include <unordered_map>

namespace mm::lifecycle {

class WorkerClient final : private FrameChannel::Listener {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void onHello(const wv1::Hello& hello) = 0;
        virtual void onLoadProgress(const wv1::LoadProgress& progress) = 0;
        virtual void onLoaded(const wv1::Loaded& loaded) = 0;
        virtual void onLoadRefused(const Error& error) = 0;
        virtual void onPong(const wv1::Pong& pong) = 0;
        // Cut off: nothing more is read. WorkerMisbehaved, saying what it did.
        virtual void onMisbehaved(const Error& error) = 0;
        virtual void onDisconnected() = 0;
    };

    WorkerClient(int socket, std::size_t maxUnsentBytes, Listener& listener);

    Result<void> load(const wv1::Load& load);
    // QueueFull where the worker reads too slowly; PayloadTooLarge. The handler is called only after success.
    Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler);
    void cancel(std::uint64_t id, Instant now);
    void ping();
    // From now on everything it says is ignored.
    void shutDown();
    // Ends every pending run with this error.
    void rejectAll(const Error& error);

    [[nodiscard]] std::size_t pending() const { return m_pending.size(); }
    [[nodiscard]] bool isPongDue() const { return m_awaitedNonce.has_value(); }
    // When the longest still unobeyed cancel was asked for.
    [[nodiscard]] std::optional<Instant> oldestCancel() const;

private:
    enum class Phase { AwaitingHello, Greeted, Loading, Refused, Ready, Ending, CutOff };

    struct Pending {
        OutputHandler handler;
        std::optional<Instant> cancelled;
    };

    void onFrame(std::string_view payload) override;
    void onBrokenStream(const Error& error) override;
    void onEndOfStream() override { m_listener.onDisconnected(); }

    [[nodiscard]] bool isDeaf() const;
    void take(wv1::WorkerFrame& frame);
    void takeHello(const wv1::Hello& hello);
    void takeOutput(wv1::Output& output);
    void takePong(const wv1::Pong& pong);
    void cutOff(const std::string& what);
    Result<void> send(const wv1::EngineFrame& frame);

    Listener& m_listener;
    std::size_t m_maxUnsentBytes;
    Phase m_phase = Phase::AwaitingHello;
    FrameChannel m_channel;
    std::uint64_t m_nextId = 1;
    std::unordered_map<std::uint64_t, Pending> m_pending;
    std::uint64_t m_lastNonce = 0;
    std::optional<std::uint64_t> m_awaitedNonce;
};

} // namespace mm::lifecycle
