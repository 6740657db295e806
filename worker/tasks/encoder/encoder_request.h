// One request to an encoder task: checked and tokenised on the I/O thread in bounded pieces, then filled with the
// head's rows on the compute thread, step by step, whatever other requests share those steps. One owner at a time.
// Throws Failure(InvalidInput, ValidationError, BatchSizeExceeded) naming what is wrong and by how much.
#pragma once

#include "worker/tasks/encoder/encoder_task.h"
#include "worker/tasks/encoder/input_tokens.h"
#include "worker/tasks/encoder/token_sequences.h"
#include "worker/tasks/model.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace mm::worker {

class EncoderRequest final : public Preparation {
public:
    using Clock = std::chrono::steady_clock;

    EncoderRequest(std::uint64_t id, modelmora::v1::InferenceRequest request, const EncoderTask& task,
                   const InputLimits& limits, const Tokenizer& tokenizer, TokenBuffer& buffer);

    bool advance() override;
    [[nodiscard]] std::size_t bytes() const override;

    // Compute thread. Sequences are taken longest first; take() gives the next one's place in the request.
    [[nodiscard]] std::size_t remaining() const { return m_order.size() - m_taken; }
    [[nodiscard]] std::size_t nextLength() const { return m_sequences.length(m_order[m_taken]); }
    std::size_t take() { return m_order[m_taken++]; }
    [[nodiscard]] const TokenSequences& sequences() const { return m_sequences; }
    // Tokens at the front of every sequence that the head leaves out.
    [[nodiscard]] int promptTokens() const { return m_promptTokens; }
    // Takes the head's numbers for one sequence. Throws Failure(InferenceFailed) for one that is none.
    void store(std::size_t place, std::span<const float> row);
    // The last `count` sequences taken are taken again later: their step did not come about.
    void putBack(std::size_t count) { m_taken -= count; }
    // A step that held some of its sequences ended.
    struct Step {
        Clock::time_point begun;
        Clock::time_point ended;
        std::size_t inputs = 0; // of all requests
        std::size_t tokens = 0;
        std::size_t myTokens = 0;
    };
    void stepped(const Step& step);
    [[nodiscard]] bool complete() const { return m_stored == m_order.size(); }
    // Once, when it is complete.
    [[nodiscard]] modelmora::worker::v1::Output output();

private:
    void checkInput(const EncoderTask& task, const modelmora::v1::InputData& input);
    void checkPrompt(const modelmora::v1::InputData& input, EncoderWish& wish) const;
    void checkAnswerSize() const;
    void finishPreparing();

    EncoderTask::InputKind m_kind = EncoderTask::InputKind::DATA_NOT_SET;
    modelmora::v1::EmbeddingFormat m_embeddingFormat = modelmora::v1::EMBEDDING_FORMAT_UNSPECIFIED;
    std::size_t m_inputs = 0;
    std::unique_ptr<EncoderAnswer> m_answer;
    std::optional<InputTokens> m_input; // until it is tokenised
    TokenSequences m_sequences;
    std::vector<std::uint32_t> m_order;
    int m_promptTokens = 0;
    int m_truncated = 0;

    Clock::time_point m_arrived = Clock::now();
    Clock::time_point m_firstStep;
    std::chrono::microseconds m_tokenizing{0};
    std::chrono::microseconds m_computing{0};
    double m_chargedUs = 0;
    std::size_t m_taken = 0;
    std::size_t m_stored = 0;
    std::size_t m_batch = 0;
};

} // namespace mm::worker
