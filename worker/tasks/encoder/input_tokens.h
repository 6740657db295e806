// A request's input on its way to token sequences, in bounded pieces: texts behind their prompt, pairs of texts, a
// query with its documents, or ids that the client has made itself. I/O thread; tokenizer and buffer are borrowed.
// Throws Failure(InvalidInput) naming the input and by how much it is wrong.
#pragma once

#include "modelmora/v1/inference.pb.h"
#include "worker/tasks/encoder/token_sequences.h"
#include "worker/text/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mm::worker {

// "the text", "input 3", "pair 3", "document 3"
std::string inputName(modelmora::v1::InputData::DataCase kind, std::size_t place);
std::size_t countInputs(const modelmora::v1::InputData& input);

// What every request of one model shares. Immutable while requests exist.
struct InputLimits {
    int maxTokens = 512; // of one sequence, special tokens included
    int vocabulary = 0;
    // The encoder tells the texts of a pair apart; otherwise types are dropped.
    bool tokenTypes = true;
};

class InputTokens {
public:
    struct Wish {
        std::string prompt;
        bool truncate = true;
        bool measurePrompt = false;
    };

    InputTokens(modelmora::v1::InputData input, Wish wish, const InputLimits& limits, const Tokenizer& tokenizer,
                TokenBuffer& buffer);

    // One piece; true once everything is in `out`.
    bool advance(TokenSequences& out);
    [[nodiscard]] std::size_t bytes() const { return m_input.ByteSizeLong(); }
    // Tokens at the front of every sequence that the head leaves out, where that was asked.
    [[nodiscard]] int promptTokens() const { return m_promptTokens; }
    // Sequences that were cut.
    [[nodiscard]] int truncated() const { return m_truncated; }

private:
    void measurePrompt();
    void takeTexts(TokenSequences& out);
    void takePairs(TokenSequences& out);
    void takeTokens(TokenSequences& out);
    void takeBuffer(TokenSequences& out);
    void append(std::span<const std::int32_t> ids, std::span<const std::int32_t> typeIds, std::size_t total, bool exact,
                TokenSequences& out);
    [[nodiscard]] std::string_view text(std::size_t place) const;
    [[nodiscard]] PairOfTexts pair(std::size_t place) const;
    [[nodiscard]] EncodeLimits encodeLimits() const;

    modelmora::v1::InputData m_input;
    Wish m_wish;
    const InputLimits& m_limits;
    const Tokenizer& m_tokenizer;
    TokenBuffer& m_buffer;
    std::size_t m_inputs;
    int m_promptTokens = 0;
    int m_truncated = 0;
};

} // namespace mm::worker
