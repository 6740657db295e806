#include "engine/grpc/miraveja/status_call.h"

#include "engine/events/event_type.h"
#include "engine/grpc/miraveja/embedding_request.h"
#include "engine/grpc/status_mapping.h"

#include <google/protobuf/util/time_util.h>

#include <optional>
#include <string>
#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
namespace type = events::type;
using Response = service::InferenceService::Response;

namespace {

constexpr std::size_t kAtOnce = 64;

double percentOf(const v1::Event& event) {
    const auto found = event.details().fields().find("percent");
    return found == event.details().fields().end() ? 0 : found->second.number_value();
}

} // namespace

StatusCall::StatusCall(Face face, std::shared_ptr<AnswerSink> sink, service::CallContext call)
    : m_face(std::move(face)), m_sink(std::move(sink)), m_call(std::move(call)) {}

void StatusCall::start(v1::InferenceRequest&& request) {
    service::InferenceService& inference = m_face.services.inference;
    m_sink->setHandlers({.written = {}, .cancelled = [&inference, id = m_call.requestId] { inference.cancel(id); }});
    {
        const std::lock_guard lock(m_mutex);
        InferenceStatus accepted;
        accepted.set_state(InferenceStatus::STATE_ACCEPTED);
        tell(std::move(accepted));
    }
    follow(request.model_id()); // before the request, so that nothing of it is missed
    inference.infer(std::make_shared<const v1::InferenceRequest>(std::move(request)), m_call,
                    [self = shared_from_this()](Result<Response> result) {
                        self->m_face.threads->post([self, result = std::move(result)] { self->finish(result); });
                    });
}

void StatusCall::follow(const std::string& model) {
    v1::WatchEventsRequest ofRequest;
    for (const auto& each : {type::kRequestQueued, type::kRequestStarted, type::kRequestRunsAgain})
        ofRequest.add_types(std::string(each.name));
    ofRequest.set_request_id(m_call.requestId);
    watch(std::move(ofRequest));
    v1::WatchEventsRequest ofModel;
    for (const auto& each : {type::kLoadProgress, type::kModelWaiting})
        ofModel.add_types(std::string(each.name));
    ofModel.set_model_id(model.substr(0, model.find('@')));
    watch(std::move(ofModel));
}

void StatusCall::watch(v1::WatchEventsRequest&& request) {
    m_face.services.events.watch(std::move(request), [self = shared_from_this()](const Result<Watch>& watch) {
        if (!watch.ok())
            return;
        {
            const std::lock_guard lock(self->m_mutex);
            if (self->m_over)
                return;
            self->m_watches.push_back(*watch);
        }
        self->listen(*watch);
    });
}

// The watch holds what is called, and must not be held by it.
void StatusCall::listen(const Watch& watch) {
    watch->whenReady([weak = weak_from_this(), again = std::weak_ptr(watch), threads = m_face.threads] {
        threads->post([weak, again] {
            const auto self = weak.lock();
            const Watch ready = again.lock();
            if (self && ready)
                self->hear(ready);
        });
    });
}

void StatusCall::hear(const Watch& watch) {
    const events::EventWatch::Taken taken = watch->take(kAtOnce);
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& event : taken.events)
            note(*event);
    }
    if (!taken.over)
        listen(watch);
}

void StatusCall::note(const v1::Event& event) {
    if (m_over)
        return;
    if (event.type() == type::kRequestStarted.name)
        tell(InferenceStatus::STATE_RUNNING, event);
    else if (event.type() == type::kRequestQueued.name && m_state == InferenceStatus::STATE_ACCEPTED)
        tell(InferenceStatus::STATE_WAITING, event);
    else if (event.type() == type::kRequestRunsAgain.name)
        tell(InferenceStatus::STATE_WAITING, event);
    else if (m_state != InferenceStatus::STATE_RUNNING && event.request_id().empty()) // its model's, while it waits
        tell(InferenceStatus::STATE_WAITING, event);
}

void StatusCall::tell(InferenceStatus::State state, const v1::Event& event) {
    m_state = state;
    InferenceStatus status;
    status.set_state(state);
    status.set_message(event.message());
    status.set_progress(percentOf(event));
    tell(std::move(status));
}

void StatusCall::tell(InferenceStatus&& status) {
    status.set_request_id(m_call.requestId);
    *status.mutable_at() = google::protobuf::util::TimeUtil::GetCurrentTime();
    if (auto bytes = encode(status, m_face.maxMessageBytes); bytes.ok())
        m_sink->write(std::move(*bytes));
}

void StatusCall::finish(const Result<Response>& result) {
    Result<EmbeddingResponse> made =
        result.ok() ? toEmbedding(**result, m_call.requestId) : Result<EmbeddingResponse>(result.error());
    InferenceStatus status;
    std::optional<Error> error;
    if (made.ok()) {
        status.set_state(InferenceStatus::STATE_COMPLETED);
        *status.mutable_result() = std::move(*made);
    } else {
        error = made.error();
        status.set_state(InferenceStatus::STATE_FAILED);
        status.set_message(error->message);
        *status.mutable_error() = toTrailerError(*error);
    }
    std::vector<Watch> watches; // let go outside of the lock
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
        watches.swap(m_watches);
        tell(std::move(status));
    }
    m_sink->end(std::move(error), m_call.requestId);
}

} // namespace mm::grpc_face
