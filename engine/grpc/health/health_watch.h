// One Watch call of the health service: the status of one name now, and each time it is another. When the board says
// that something has happened to its model, the engine is asked again, so that the answer is always the engine's own.
// One message is under way at a time, and a client that reads slowly gets the newest. Any thread; lives as long as the
// call.
#pragma once

#include "engine/grpc/call/answer_stream.h"
#include "engine/grpc/call/rpc.h"
#include "engine/grpc/health/health_board.h"
#include "grpc/health/v1/health.pb.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mm::grpc_face {

using ServingStatus = grpc::health::v1::HealthCheckResponse::ServingStatus;

// Whether the caller may not know: then it is told so instead of a status.
bool isForbidden(const Result<modelmora::v1::ModelStatus>& status);
// SERVICE_UNKNOWN where no such model is registered.
ServingStatus servingStatus(const Result<modelmora::v1::ModelStatus>& status);

class HealthWatch final : public HealthBoard::Watcher, public std::enable_shared_from_this<HealthWatch> {
public:
    HealthWatch(Face face, std::shared_ptr<HealthBoard> board, std::shared_ptr<AnswerSink> sink, std::string name);
    ~HealthWatch() override;
    HealthWatch(const HealthWatch&) = delete;
    HealthWatch& operator=(const HealthWatch&) = delete;

    void start();

private:
    void changed() override;
    void ended(const Error& why) override;
    void learn(ServingStatus status);
    // Writes the newest status where the client does not have it yet; where it has, ends what is to end.
    void tell();

    const Face m_face;
    const std::shared_ptr<HealthBoard> m_board;
    const std::shared_ptr<AnswerSink> m_sink;
    const std::string m_name;
    const std::string m_client; // who asks, and each time is asked for
    const access::IdentityPtr m_identity;
    std::mutex m_mutex;
    std::optional<ServingStatus> m_newest;
    std::optional<ServingStatus> m_told;
    std::optional<Error> m_end; // once the newest is told
    bool m_writing = false;
};

} // namespace mm::grpc_face
