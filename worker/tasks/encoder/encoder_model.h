// An encoder with a task on it as a stepper: tokenised requests in, and each step runs one bounded batch of their
// sequences through encoder and head, however many requests they come from and whatever those ask for. Threads as in
// Model.
#pragma once

#include "worker/architectures/encoder.h"
#include "worker/tasks/encoder/encoder_head.h"
#include "worker/tasks/encoder/encoder_request.h"
#include "worker/tasks/encoder/encoder_task.h"
#include "worker/tasks/encoder/step_picks.h"
#include "worker/tasks/model.h"
#include "worker/text/tokenizer.h"

#include <memory>
#include <vector>

namespace mm::worker {

class EncoderModel final : public Model {
public:
    struct Parts {
        std::unique_ptr<Encoder> encoder;
        std::unique_ptr<EncoderHead> head;
        std::unique_ptr<EncoderTask> task;
        Tokenizer tokenizer;
        InputLimits limits;
        StepRoom room;
        modelmora::worker::v1::Loaded description;
    };

    explicit EncoderModel(Parts parts) : m_parts(std::move(parts)), m_room(m_parts.room) {}

    std::unique_ptr<Preparation> prepare(std::uint64_t id, modelmora::v1::InferenceRequest request) override;
    void admit(std::unique_ptr<Preparation> request) override;
    bool cancel(std::uint64_t id) override;
    void step(std::vector<Output>& finished) override;
    [[nodiscard]] bool idle() const override { return m_requests.empty(); }
    [[nodiscard]] modelmora::v1::Priority nextPriority() const override;
    bool retrySmaller() override;
    std::vector<std::uint64_t> dropFailed() override;
    [[nodiscard]] int running() const override { return static_cast<int>(m_requests.size()); }
    void describe(modelmora::worker::v1::Loaded& loaded) const override { loaded = m_parts.description; }

private:
    void pack(const std::vector<Pick>& picks);
    void compute();
    void charge(const std::vector<EncoderRequest*>& requests, EncoderRequest::Clock::time_point begun) const;
    void finish(std::vector<Output>& finished);

    Parts m_parts;
    StepRoom m_room;                                         // smaller for a while after memory ran out
    TokenBuffer m_tokens;                                    // the I/O thread's
    std::vector<std::unique_ptr<EncoderRequest>> m_requests; // oldest first
    std::vector<Pick> m_picks;                               // of the step being done
    PackedBatch m_batch;
    std::vector<std::int32_t> m_promptTokens;
};

} // namespace mm::worker
