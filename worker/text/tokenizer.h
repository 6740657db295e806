// Text to token ids, by a model's tokenizer.json. The file's own padding and truncation are ignored: the caller says
// how long a sequence may be, and cutting keeps the special tokens. Immutable after open(), any thread; each thread
// encodes into a TokenBuffer of its own. open() throws Failure(InvalidModelFiles), encode() Failure(InvalidInput).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct MmTokenizer;
struct MmEncoded;

namespace mm::worker {

// The tokens of several texts end to end. Spans live until the next encode() into the same buffer.
class TokenBuffer {
public:
    TokenBuffer();

    [[nodiscard]] std::size_t texts() const { return m_ends.size(); }
    [[nodiscard]] std::span<const std::int32_t> ids() const { return m_ids; }
    // As many as ids, or empty where all are 0.
    [[nodiscard]] std::span<const std::int32_t> typeIds() const { return m_typeIds; }
    // Where each text's ids end.
    [[nodiscard]] std::span<const std::uint32_t> ends() const { return m_ends; }
    // Each text's tokens before it was cut, special tokens included; at least so many where exact() is 0.
    [[nodiscard]] std::span<const std::uint32_t> totals() const { return m_totals; }
    [[nodiscard]] std::span<const std::uint8_t> exact() const { return m_exact; }

private:
    friend class Tokenizer;
    void show();

    struct Free {
        void operator()(MmEncoded* encoded) const;
    };
    std::unique_ptr<MmEncoded, Free> m_encoded;
    std::span<const std::int32_t> m_ids;
    std::span<const std::int32_t> m_typeIds;
    std::span<const std::uint32_t> m_ends;
    std::span<const std::uint32_t> m_totals;
    std::span<const std::uint8_t> m_exact;
};

struct EncodeLimits {
    std::size_t maxTokens = 512;
    // Count every token of a text that is cut. Without it only the beginning of a very long text is read.
    bool exactTotals = false;
};

struct PairOfTexts {
    std::string_view first;
    std::string_view second;
};

class Tokenizer {
public:
    // `lowerCase` puts lower-casing in front of the file's own normalisation.
    static Tokenizer open(const std::filesystem::path& file, bool lowerCase);

    void encode(std::span<const std::string_view> texts, const EncodeLimits& limits, TokenBuffer& out) const;

    // Two texts as one sequence, cut from the end of the longer one. Pairs in a row with the very same first text (a
    // query with its documents) share its tokens.
    void encodePairs(std::span<const PairOfTexts> pairs, const EncodeLimits& limits, TokenBuffer& out) const;

    // One more than the largest id.
    [[nodiscard]] int vocabularySize() const { return m_vocabulary; }
    // Special tokens in front of and behind every text.
    [[nodiscard]] int specialBefore() const { return m_specialBefore; }
    [[nodiscard]] int specialAfter() const { return m_specialAfter; }
    // Special tokens of a pair, around and between its texts; nothing where it cannot join two texts.
    [[nodiscard]] std::optional<int> pairSpecial() const { return m_pairSpecial; }

private:
    struct Close {
        void operator()(MmTokenizer* tokenizer) const;
    };
    std::unique_ptr<MmTokenizer, Close> m_tokenizer;
    int m_vocabulary = 0;
    int m_specialBefore = 0;
    int m_specialAfter = 0;
    std::optional<int> m_pairSpecial;
};

} // namespace mm::worker
