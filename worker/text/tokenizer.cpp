#include "worker/text/tokenizer.h"

#include "worker/model/mapped_file.h"
#include "worker/runtime/failure.h"
#include "worker/text/tokenizer_ffi.h"

#include <vector>

namespace mm::worker {
namespace {

// The largest published tokenizers are a tenth of this.
constexpr std::size_t kMaxTokenizerBytes = 256U << 20;

std::string takeMessage(MmMessage message) {
    std::string text(message.data, message.size);
    mm_tokenizer_message_free(message);
    return text;
}

} // namespace

void TokenBuffer::Free::operator()(MmEncoded* encoded) const {
    mm_encoded_free(encoded);
}

TokenBuffer::TokenBuffer() : m_encoded(mm_encoded_new()) {}

void TokenBuffer::show() {
    const MmEncodedView view = mm_encoded_view(m_encoded.get());
    const std::size_t tokens = view.texts == 0 ? 0 : view.ends[view.texts - 1];
    m_ids = {view.ids, tokens};
    m_typeIds = {view.typeIds, view.hasTypes ? tokens : 0};
    m_ends = {view.ends, view.texts};
    m_totals = {view.totals, view.texts};
    m_exact = {view.exact, view.texts};
}

void Tokenizer::Close::operator()(MmTokenizer* tokenizer) const {
    mm_tokenizer_close(tokenizer);
}

Tokenizer Tokenizer::open(const std::filesystem::path& file, bool lowerCase) {
    const std::string json = readFile(file, kMaxTokenizerBytes);
    MmTokenizer* opened = nullptr;
    MmTokenizerInfo info{};
    MmMessage message{};
    if (!mm_tokenizer_open({json.data(), json.size()}, lowerCase, &opened, &info, &message))
        throw Failure(ErrorCode::InvalidModelFiles,
                      file.string() + " is not a usable tokenizer: " + takeMessage(message), {{"file", file.string()}});
    Tokenizer tokenizer;
    tokenizer.m_tokenizer.reset(opened);
    tokenizer.m_vocabulary = static_cast<int>(info.vocabulary);
    tokenizer.m_specialBefore = static_cast<int>(info.specialBefore);
    tokenizer.m_specialAfter = static_cast<int>(info.specialAfter);
    if (info.joinsPairs)
        tokenizer.m_pairSpecial = static_cast<int>(info.pairSpecial);
    return tokenizer;
}

void Tokenizer::encode(std::span<const std::string_view> texts, const EncodeLimits& limits, TokenBuffer& out) const {
    std::vector<MmBytes> borrowed;
    borrowed.reserve(texts.size());
    for (const std::string_view text : texts)
        borrowed.push_back({text.data(), text.size()});
    MmMessage message{};
    if (!mm_tokenizer_encode(m_tokenizer.get(), borrowed.data(), borrowed.size(), limits.maxTokens, limits.exactTotals,
                             out.m_encoded.get(), &message))
        throw Failure(ErrorCode::InvalidInput, takeMessage(message));
    out.show();
}

void Tokenizer::encodePairs(std::span<const PairOfTexts> pairs, const EncodeLimits& limits, TokenBuffer& out) const {
    std::vector<MmBytes> firsts;
    std::vector<MmBytes> seconds;
    for (const PairOfTexts& pair : pairs) {
        firsts.push_back({pair.first.data(), pair.first.size()});
        seconds.push_back({pair.second.data(), pair.second.size()});
    }
    MmMessage message{};
    if (!mm_tokenizer_encode_pairs(m_tokenizer.get(), firsts.data(), seconds.data(), pairs.size(), limits.maxTokens,
                                   limits.exactTotals, out.m_encoded.get(), &message))
        throw Failure(ErrorCode::InvalidInput, takeMessage(message));
    out.show();
}

} // namespace mm::worker
