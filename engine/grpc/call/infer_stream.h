// One InferStream call: requests as they come, answers in the order of the requests. Any thread.
// A bounded window of requests is with the engine; while it is full nothing is read, so the client is held back by
// HTTP/2's own flow control. A request that fails is answered in its place (InferenceResponse.error) and the stream
// goes on; the client leaving, its deadline or the server's end cancels what is under way.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/inference.pb.h"

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mm::grpc_face {

class InferStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    static constexpr std::size_t kWindowRequests = 32;
    static constexpr std::size_t kWindowBytes = kMaxMessageBytes;

    InferStream(grpc::CallbackServerContext* context, Face face);

private:
    struct Slot {
        std::string requestId;
        std::size_t requestBytes = 0;
        std::optional<grpc::ByteBuffer> answer;
    };
    // Outlives the call as long as replies may come; `stream` is null from the moment the call is finished.
    struct State {
        std::mutex mutex;
        InferStream* stream = nullptr;
        std::deque<Slot> slots;    // the requests not yet answered to the client, oldest first
        std::uint64_t first = 0;   // number of slots.front()
        std::size_t heldBytes = 0; // of the requests in `slots`
        bool reading = false;
        bool writing = false;
        bool readsDone = false;
        bool cancelled = false;
    };

    // Starts a read, a write, or the end of the call: whatever is due now.
    static void advance(const std::shared_ptr<State>& state);
    static void answer(const std::shared_ptr<State>& state, std::uint64_t number, grpc::ByteBuffer bytes);
    void submit(std::uint64_t number, std::shared_ptr<const modelmora::v1::InferenceRequest> request,
                service::CallContext call);
    void cancelAll();

    void OnReadDone(bool ok) override;
    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    Face m_face;
    Result<std::string> m_client;
    std::shared_ptr<State> m_state;
    grpc::ByteBuffer m_in;
    grpc::ByteBuffer m_out;
};

} // namespace mm::grpc_face
