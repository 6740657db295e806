#include "engine/grpc/health/health_watch.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using grpc::health::v1::HealthCheckResponse;

bool isForbidden(const Result<v1::ModelStatus>& status) {
    return !status.ok() &&
           (status.error().code == ErrorCode::Unauthenticated || status.error().code == ErrorCode::PermissionDenied);
}

ServingStatus servingStatus(const Result<v1::ModelStatus>& status) {
    if (status.ok())
        return status->state() == v1::MODEL_STATE_LOADED ? HealthCheckResponse::SERVING
                                                         : HealthCheckResponse::NOT_SERVING;
    switch (status.error().code) {
    case ErrorCode::ModelNotFound:
    case ErrorCode::VersionNotFound:
    case ErrorCode::InvalidModelId:
        return HealthCheckResponse::SERVICE_UNKNOWN;
    default:
        return HealthCheckResponse::NOT_SERVING;
    }
}

HealthWatch::HealthWatch(Face face, std::shared_ptr<HealthBoard> board, std::shared_ptr<AnswerSink> sink,
                         std::string name)
    : m_face(std::move(face))
    , m_board(std::move(board))
    , m_sink(std::move(sink))
    , m_name(std::move(name))
    , m_client(service::CallerScope::current())
    , m_identity(service::CallerScope::identity()) {}

HealthWatch::~HealthWatch() {
    m_board->remove(*this);
}

void HealthWatch::start() {
    // The sink keeps this alive until the call has ended.
    m_sink->setHandlers({.written =
                             [self = shared_from_this()] {
                                 {
                                     const std::lock_guard lock(self->m_mutex);
                                     self->m_writing = false;
                                 }
                                 self->tell();
                             },
                         .cancelled = [board = m_board, self = shared_from_this()] { board->remove(*self); }});
    const bool isService = m_board->isService(m_name);
    if (isService)
        learn(HealthCheckResponse::SERVING);
    m_board->add(isService ? std::string() : m_name.substr(0, m_name.find('@')), shared_from_this());
}

void HealthWatch::changed() {
    v1::GetModelStatusRequest request;
    request.set_model_id(m_name);
    const service::CallerScope scope(m_client, m_identity);
    m_face.services.models.modelStatus(
        std::move(request), [self = shared_from_this()](const Result<v1::ModelStatus>& status) {
            if (isForbidden(status))
                return self->m_sink->end(status.error());
            {
                const std::lock_guard lock(self->m_mutex);
                self->m_newest = servingStatus(status); // here, so that the order is the engine's
            }
            self->m_face.threads->post([self] { self->tell(); });
        });
}

void HealthWatch::ended(const Error& why) {
    {
        const std::lock_guard lock(m_mutex);
        m_newest = HealthCheckResponse::NOT_SERVING;
        m_end = why; // a drain would wait for it
    }
    tell();
}

void HealthWatch::learn(ServingStatus status) {
    {
        const std::lock_guard lock(m_mutex);
        m_newest = status;
    }
    tell();
}

void HealthWatch::tell() {
    std::optional<ServingStatus> status;
    std::optional<Error> end;
    {
        const std::lock_guard lock(m_mutex);
        if (m_writing)
            return;
        if (m_newest != m_told) {
            m_writing = true;
            m_told = status = m_newest;
        } else {
            end = std::exchange(m_end, std::nullopt);
        }
    }
    if (end)
        m_sink->end(*end);
    if (!status)
        return;
    HealthCheckResponse response;
    response.set_status(*status);
    if (auto bytes = encode(response, m_face.maxMessageBytes); bytes.ok())
        m_sink->write(std::move(*bytes));
}

} // namespace mm::grpc_face
