// One embedding request: checked and tokenised on the I/O thread in bounded pieces, then filled with vectors on the
// compute thread, step by step, whatever other requests share those steps. One owner at a time.
// Throws Failure(InvalidInput, ValidationError, BatchSizeExceeded) naming what is wrong and by how much.
#pragma once

#include "worker/tasks/embed_parameters.h"
#include "worker/tasks/model.h"
#include "worker/text/tokenizer.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm::worker {

// What every request of one model shares. Immutable while requests exist.
struct EmbedTraits {
    PromptSet prompts;
    int dimension = 0;
    int maxTokens = 512; // of one sequence, special tokens included
    int vocabulary = 0;
    bool normalised = false; // by the model's own modules
    bool poolPrompt = true;
};

class EmbedRequest final : public Preparation {
public:
    using Clock = std::chrono::steady_clock;

    EmbedRequest(std::uint64_t id, modelmora::v1::InferenceRequest request, const EmbedTraits& traits,
                 const Tokenizer& tokenizer, TokenBuffer& buffer);

    bool advance() override;
    [[nodiscard]] std::size_t bytes() const override;

    // Compute thread. Sequences are taken longest first; order() maps that to their places in the request.
    [[nodiscard]] std::size_t remaining() const { return m_order.size() - m_taken; }
    [[nodiscard]] std::size_t nextLength() const { return length(m_order[m_taken]); }
    // The next sequence's place in the request.
    std::size_t take();
    [[nodiscard]] std::span<const std::int32_t> tokens(std::size_t place) const;
    [[nodiscard]] std::span<const std::int32_t> typeIds(std::size_t place) const;
    // Tokens at the front of every sequence that pooling leaves out.
    [[nodiscard]] int promptTokens() const { return m_promptTokens; }
    // Takes a computed vector, cut and normalised as the request wants. Throws Failure(InferenceFailed) for NaN.
    void store(std::size_t place, std::span<const float> vector);
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
    [[nodiscard]] modelmora::worker::v1::Output output() const;

private:
    void readInput();
    void measurePrompt();
    void tokenizeNext();
    void takeTokens();
    void appendSequence(std::span<const std::int32_t> ids, std::span<const std::int32_t> typeIds, std::size_t total,
                        bool exact);
    [[nodiscard]] std::string_view text(std::size_t place) const;
    [[nodiscard]] std::size_t length(std::size_t place) const { return m_offsets[place + 1] - m_offsets[place]; }
    [[nodiscard]] std::size_t outputDimension() const;

    const EmbedTraits& m_traits;
    const Tokenizer& m_tokenizer;
    TokenBuffer& m_buffer; // of the I/O thread
    modelmora::v1::InferenceRequest m_request;
    EmbedParameters m_parameters;
    Clock::time_point m_arrived = Clock::now();
    Clock::time_point m_firstStep;
    std::chrono::microseconds m_tokenizing{0};
    std::chrono::microseconds m_computing{0};
    double m_chargedUs = 0;

    std::size_t m_inputs = 0;
    bool m_single = false; // one text, not a list of one
    int m_promptTokens = 0;
    std::vector<std::int32_t> m_tokens;
    std::vector<std::int32_t> m_typeIds; // empty until one is not 0
    std::vector<std::size_t> m_offsets{0};
    std::vector<std::uint32_t> m_order;
    std::vector<float> m_vectors;
    std::size_t m_taken = 0;
    std::size_t m_stored = 0;
    std::size_t m_batch = 0;
    int m_truncated = 0;
};

} // namespace mm::worker
