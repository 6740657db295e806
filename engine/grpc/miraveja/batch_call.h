// One GenerateBatch call: its requests go to the engine a window at a time, so that they are computed together and a
// client that reads slowly holds back only itself; the answers keep their order. One that fails is answered in its
// place. Any thread; lives as long as replies may come.
#pragma once

#include "engine/grpc/call/answer_stream.h"
#include "engine/grpc/call/rpc.h"
#include "miraveja/model_inference.pb.h"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mm::grpc_face {

class BatchCall : public std::enable_shared_from_this<BatchCall> {
public:
    static constexpr std::size_t kWindow = 64;

    // `call` says who asks and whose trace it is; its requests have ids of their own.
    BatchCall(Face face, BatchRequest&& batch, std::shared_ptr<AnswerSink> sink, service::CallContext call,
              int timeoutSeconds);

    void start();

private:
    struct Slot {
        std::string requestId;
        std::optional<grpc::ByteBuffer> answer = std::nullopt;
    };

    // Sends on what has room in the window.
    void advance();
    void submit(int number, EmbeddingRequest&& request, const std::string& requestId);
    void answer(int number, const Result<EmbeddingResponse>& result, const std::string& requestId);
    void flush();
    void cancel();

    Face m_face;
    std::shared_ptr<AnswerSink> m_sink;
    service::CallContext m_call;
    int m_timeoutSeconds; // of the call, 0: none
    std::mutex m_mutex;
    BatchRequest m_batch;
    std::deque<Slot> m_slots; // sent on, their answers not yet written
    int m_first = 0;          // number of m_slots.front()
    int m_written = 0;        // answers that have gone out
    bool m_flushing = false;
    bool m_cancelled = false;
};

} // namespace mm::grpc_face
