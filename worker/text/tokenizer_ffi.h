// The C side of worker/text/tokenizer (src/lib.rs is its other half and says what each entry promises).
// For tokenizer.cpp alone.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
// NOLINTBEGIN(readability-identifier-naming): C names, as Rust exports them

struct MmTokenizer;
struct MmEncoded;

struct MmBytes {
    const char* data;
    std::size_t size;
};

struct MmMessage {
    char* data;
    std::size_t size;
};

struct MmTokenizerInfo {
    std::uint32_t vocabulary;
    std::uint32_t specialBefore;
    std::uint32_t specialAfter;
    std::uint32_t pairSpecial;
    bool joinsPairs;
};

struct MmEncodedView {
    const std::int32_t* ids;
    const std::int32_t* typeIds;
    const std::uint32_t* ends;
    const std::uint32_t* totals;
    const std::uint8_t* exact;
    std::size_t texts;
    bool hasTypes;
};

bool mm_tokenizer_open(MmBytes json, bool lowerCase, MmTokenizer** out, MmTokenizerInfo* info, MmMessage* error);
void mm_tokenizer_close(MmTokenizer* tokenizer);
MmEncoded* mm_encoded_new();
void mm_encoded_free(MmEncoded* encoded);
bool mm_tokenizer_encode(const MmTokenizer* tokenizer, const MmBytes* texts, std::size_t count, std::size_t maxTokens,
                         bool whole, MmEncoded* encoded, MmMessage* error);
bool mm_tokenizer_encode_pairs(const MmTokenizer* tokenizer, const MmBytes* firsts, const MmBytes* seconds,
                               std::size_t count, std::size_t maxTokens, bool whole, MmEncoded* encoded,
                               MmMessage* error);
MmEncodedView mm_encoded_view(const MmEncoded* encoded);
void mm_tokenizer_message_free(MmMessage message);

// NOLINTEND(readability-identifier-naming)
}
