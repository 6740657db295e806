// The answer of LoadModelWithProgress: every stage of the load as it comes, then the status, then the end. Any thread.
// Of a stage that goes faster than the client reads, only the newest word waits. The client leaving ends the telling,
// not the load: others may wait for it.
#pragma once

#include "engine/base/reply.h"
#include "engine/grpc/call/reply_threads.h"
#include "modelmora/v1/management.pb.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace mm::grpc_face {

class LoadStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
public:
    LoadStream(grpc::CallbackServerContext* context, std::shared_ptr<ReplyThreads> threads);

    [[nodiscard]] std::function<void(const modelmora::v1::LoadStage&)> progress() const;
    [[nodiscard]] Reply<modelmora::v1::ModelStatus> reply() const;
    void fail(Error error);

private:
    // Outlives the stream as long as the load may speak; `stream` is null from the moment the call is finished.
    struct State {
        std::mutex mutex;
        LoadStream* stream = nullptr;
        std::deque<modelmora::v1::LoadEvent> waiting;
        bool writing = false;
        bool cancelled = false;
        bool ended = false;
        std::optional<Error> error;
    };
    static void end(const std::shared_ptr<State>& state, Result<modelmora::v1::ModelStatus> result);
    // Writes the next event or finishes the call, where one of them is due.
    static void advance(const std::shared_ptr<State>& state);
    void write(const modelmora::v1::LoadEvent& event);

    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override { delete this; }

    grpc::CallbackServerContext& m_context;
    std::shared_ptr<ReplyThreads> m_threads;
    std::shared_ptr<State> m_state;
    grpc::ByteBuffer m_out;
};

} // namespace mm::grpc_face
