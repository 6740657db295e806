// One GenerateEmbeddingStream call: tells where its request stands, from the engine's events, and ends with the answer.
// Any thread; lives as long as replies may come. Where there are no events to be had (too many readers), it tells less
// and answers all the same.
#pragma once

#include "engine/grpc/call/answer_stream.h"
#include "engine/grpc/call/rpc.h"
#include "miraveja/model_inference.pb.h"
#include "modelmora/v1/events.pb.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mm::grpc_face {

class StatusCall : public std::enable_shared_from_this<StatusCall> {
public:
    StatusCall(Face face, std::shared_ptr<AnswerSink> sink, service::CallContext call);

    void start(modelmora::v1::InferenceRequest&& request);

private:
    using Watch = service::EventService::Watch;

    // Events of the request, and of its model's load.
    void follow(const std::string& model);
    void watch(modelmora::v1::WatchEventsRequest&& request);
    void listen(const Watch& watch);
    void hear(const Watch& watch);
    void note(const modelmora::v1::Event& event);
    void finish(const Result<service::InferenceService::Response>& result);
    // Under the lock, so that what is told keeps its order.
    void tell(InferenceStatus&& status);
    void tell(InferenceStatus::State state, const modelmora::v1::Event& event);

    const Face m_face;
    const std::shared_ptr<AnswerSink> m_sink;
    const service::CallContext m_call;
    std::mutex m_mutex;
    std::vector<Watch> m_watches;
    InferenceStatus::State m_state = InferenceStatus::STATE_ACCEPTED;
    bool m_over = false;
};

} // namespace mm::grpc_face
