#include "worker/tasks/encoder/input_tokens.h"

#include "worker/runtime/failure.h"

#include <algorithm>
#include <vector>

namespace mm::worker {
namespace {

using modelmora::v1::InputData;

// One piece of tokenising: a few milliseconds at most, unless a single text is longer.
constexpr std::size_t kPieceInputs = 64;
constexpr std::size_t kPieceBytes = 64U << 10;

[[noreturn]] void invalid(const std::string& why, Facts facts = {}) {
    throw Failure(ErrorCode::InvalidInput, why, std::move(facts));
}

} // namespace

std::string inputName(InputData::DataCase kind, std::size_t place) {
    if (kind == InputData::kText)
        return "the text";
    const char* const what = kind == InputData::kTextPairs        ? "pair "
                             : kind == InputData::kQueryDocuments ? "document "
                                                                  : "input ";
    return what + std::to_string(place);
}

std::size_t countInputs(const InputData& input) {
    switch (input.data_case()) {
    case InputData::kTextBatch:
        return static_cast<std::size_t>(input.text_batch().texts_size());
    case InputData::kTokenBatch:
        return static_cast<std::size_t>(input.token_batch().sequences_size());
    case InputData::kQueryDocuments:
        return static_cast<std::size_t>(input.query_documents().documents_size());
    case InputData::kTextPairs:
        return static_cast<std::size_t>(input.text_pairs().pairs_size());
    default:
        return 1;
    }
}

InputTokens::InputTokens(InputData input, Wish wish, const InputLimits& limits, const Tokenizer& tokenizer,
                         TokenBuffer& buffer)
    : m_input(std::move(input))
    , m_wish(std::move(wish))
    , m_limits(limits)
    , m_tokenizer(tokenizer)
    , m_buffer(buffer)
    , m_inputs(countInputs(m_input)) {}

bool InputTokens::advance(TokenSequences& out) {
    if (out.count() == 0 && m_wish.measurePrompt && !m_wish.prompt.empty())
        measurePrompt();
    switch (m_input.data_case()) {
    case InputData::kTokenBatch:
        takeTokens(out);
        break;
    case InputData::kQueryDocuments:
    case InputData::kTextPairs:
        takePairs(out);
        break;
    default:
        takeTexts(out);
    }
    return out.count() == m_inputs;
}

// A closing special token of the prompt alone does not stand behind it once a text follows.
void InputTokens::measurePrompt() {
    const std::string_view prompt = m_wish.prompt;
    m_tokenizer.encode({&prompt, 1}, {static_cast<std::size_t>(m_limits.maxTokens), false}, m_buffer);
    const auto tokens = static_cast<int>(m_buffer.ids().size());
    m_promptTokens = tokens - std::min(m_tokenizer.specialAfter(), 1);
}

EncodeLimits InputTokens::encodeLimits() const {
    return {static_cast<std::size_t>(m_limits.maxTokens), !m_wish.truncate};
}

std::string_view InputTokens::text(std::size_t place) const {
    return m_input.has_text() ? m_input.text() : m_input.text_batch().texts(static_cast<int>(place));
}

PairOfTexts InputTokens::pair(std::size_t place) const {
    const auto index = static_cast<int>(place);
    if (m_input.has_query_documents())
        return {m_input.query_documents().query(), m_input.query_documents().documents(index)};
    const auto& pair = m_input.text_pairs().pairs(index);
    return {pair.first(), pair.second()};
}

void InputTokens::takeTexts(TokenSequences& out) {
    std::vector<std::string_view> piece;
    std::vector<std::string> prompted;
    std::size_t bytes = 0;
    for (std::size_t i = out.count(); i < m_inputs && piece.size() < kPieceInputs && bytes < kPieceBytes; ++i) {
        piece.push_back(text(i));
        bytes += piece.back().size();
    }
    if (!m_wish.prompt.empty()) {
        prompted.reserve(piece.size());
        for (std::string_view& one : piece)
            one = prompted.emplace_back(m_wish.prompt).append(one);
    }
    m_tokenizer.encode(piece, encodeLimits(), m_buffer);
    takeBuffer(out);
}

void InputTokens::takePairs(TokenSequences& out) {
    std::vector<PairOfTexts> piece;
    std::size_t bytes = 0;
    for (std::size_t i = out.count(); i < m_inputs && piece.size() < kPieceInputs && bytes < kPieceBytes; ++i) {
        piece.push_back(pair(i));
        const bool firstIsNew = piece.size() == 1 || m_input.has_text_pairs();
        bytes += piece.back().second.size() + (firstIsNew ? piece.back().first.size() : 0);
    }
    m_tokenizer.encodePairs(piece, encodeLimits(), m_buffer);
    takeBuffer(out);
}

void InputTokens::takeBuffer(TokenSequences& out) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < m_buffer.texts(); ++i) {
        const std::size_t end = m_buffer.ends()[i];
        const bool typed = m_limits.tokenTypes && !m_buffer.typeIds().empty();
        const auto types = typed ? m_buffer.typeIds().subspan(begin, end - begin) : std::span<const std::int32_t>{};
        append(m_buffer.ids().subspan(begin, end - begin), types, m_buffer.totals()[i], m_buffer.exact()[i] != 0, out);
        begin = end;
    }
}

void InputTokens::takeTokens(TokenSequences& out) {
    const auto limit = static_cast<std::size_t>(m_limits.maxTokens);
    std::vector<std::int32_t> ids;
    for (const auto& sequence : m_input.token_batch().sequences()) {
        const std::size_t place = out.count();
        if (sequence.ids().empty())
            invalid(inputName(m_input.data_case(), place) +
                    " has no token ids; its special tokens at least are needed");
        ids.clear();
        for (const std::uint32_t id : sequence.ids()) {
            if (id >= static_cast<std::uint32_t>(m_limits.vocabulary))
                invalid(inputName(m_input.data_case(), place) + " has the token id " + std::to_string(id) +
                            "; this model's vocabulary ends at " + std::to_string(m_limits.vocabulary - 1),
                        {{"input", static_cast<std::int64_t>(place)}, {"token", static_cast<std::int64_t>(id)}});
            ids.push_back(static_cast<std::int32_t>(id));
        }
        const std::size_t total = ids.size();
        if (total > limit) {
            const auto tail = std::min(static_cast<std::size_t>(m_tokenizer.specialAfter()), limit);
            std::copy(ids.end() - static_cast<std::ptrdiff_t>(tail), ids.end(),
                      ids.begin() + static_cast<std::ptrdiff_t>(limit - tail));
            ids.resize(limit);
        }
        append(ids, {}, total, true, out);
    }
}

void InputTokens::append(std::span<const std::int32_t> ids, std::span<const std::int32_t> typeIds, std::size_t total,
                         bool exact, TokenSequences& out) {
    const std::size_t place = out.count();
    const bool cut = !exact || total > ids.size();
    if (cut && !m_wish.truncate)
        invalid(inputName(m_input.data_case(), place) + " has " + std::to_string(total) + " tokens; this model takes " +
                    std::to_string(m_limits.maxTokens) + ". Shorten it, or let it be cut with truncate: true",
                {{"input", static_cast<std::int64_t>(place)},
                 {"tokens", static_cast<std::int64_t>(total)},
                 {"limit", static_cast<std::int64_t>(m_limits.maxTokens)}});
    if (ids.empty())
        invalid(inputName(m_input.data_case(), place) +
                " gives no tokens, and this model has no special tokens to compute instead");
    m_truncated += cut ? 1 : 0;
    out.append(ids, typeIds);
}

} // namespace mm::worker
