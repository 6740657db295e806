#include "worker/tasks/embed_request.h"

#include "engine/ipc/frame.h"
#include "worker/runtime/failure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mm::worker {
namespace {

using modelmora::v1::InputData;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// One piece of tokenising: a few milliseconds at most, unless a single text is longer.
constexpr std::size_t kPieceTexts = 64;
constexpr std::size_t kPieceBytes = 64U << 10;
// What an answer needs besides its numbers: names, times, a length for each vector.
constexpr std::size_t kAnswerReserve = 1U << 16;
constexpr std::size_t kVectorReserve = 16;

[[noreturn]] void invalid(const std::string& why, Facts facts = {}) {
    throw Failure(ErrorCode::InvalidInput, why, std::move(facts));
}

std::string inputName(std::size_t place, bool single) {
    return single ? "the text" : "input " + std::to_string(place);
}

} // namespace

EmbedRequest::EmbedRequest(std::uint64_t id, modelmora::v1::InferenceRequest request, const EmbedTraits& traits,
                           const Tokenizer& tokenizer, TokenBuffer& buffer)
    : Preparation(id, request.priority())
    , m_traits(traits)
    , m_tokenizer(tokenizer)
    , m_buffer(buffer)
    , m_request(std::move(request)) {
    m_parameters = parseEmbedParameters(m_request.parameters(), traits.prompts, traits.dimension);
    readInput();
    if (m_inputs * (outputDimension() * sizeof(float) + kVectorReserve) + kAnswerReserve > ipc::kMaxFrameBytes) {
        const std::size_t most =
            (ipc::kMaxFrameBytes - kAnswerReserve) / (outputDimension() * sizeof(float) + kVectorReserve);
        throw Failure(ErrorCode::BatchSizeExceeded,
                      std::to_string(m_inputs) + " inputs give more numbers than one answer can hold; send at most " +
                          std::to_string(most) + " at once",
                      {{"inputs", static_cast<std::int64_t>(m_inputs)}, {"limit", static_cast<std::int64_t>(most)}});
    }
}

void EmbedRequest::readInput() {
    const InputData& input = m_request.input_data();
    switch (input.data_case()) {
    case InputData::kText:
        m_inputs = 1;
        m_single = true;
        break;
    case InputData::kTextBatch:
        m_inputs = static_cast<std::size_t>(input.text_batch().texts_size());
        break;
    case InputData::kTokenBatch:
        m_inputs = static_cast<std::size_t>(input.token_batch().sequences_size());
        if (m_parameters.promptGiven)
            throw Failure(
                invalidField("parameters.prompt", "a prompt cannot be put in front of token ids; send texts"));
        m_parameters.prompt.clear();
        break;
    case InputData::kImage:
    case InputData::kImageBatch:
        invalid("this model embeds texts, and the request holds images; send text, text_batch or token_batch");
    case InputData::kQueryDocuments:
    case InputData::kTextPairs:
        invalid("this model embeds single texts, and the request holds pairs; send text, text_batch or token_batch");
    case InputData::DATA_NOT_SET:
        invalid("the request holds no input; this model embeds texts: send text, text_batch or token_batch");
    }
    if (m_inputs == 0)
        invalid("the list of inputs is empty; at least one text is needed");
}

bool EmbedRequest::advance() {
    const Clock::time_point begun = Clock::now();
    if (m_offsets.size() == 1 && !m_traits.poolPrompt && !m_parameters.prompt.empty())
        measurePrompt();
    if (m_request.input_data().has_token_batch())
        takeTokens();
    else
        tokenizeNext();
    const bool finished = m_offsets.size() == m_inputs + 1;
    if (finished) {
        m_request.Clear();
        m_order.resize(m_inputs);
        std::iota(m_order.begin(), m_order.end(), 0U);
        std::stable_sort(m_order.begin(), m_order.end(),
                         [this](std::uint32_t a, std::uint32_t b) { return length(a) > length(b); });
        m_vectors.resize(m_inputs * outputDimension());
    }
    m_tokenizing += duration_cast<microseconds>(Clock::now() - begun);
    return finished;
}

// A closing special token of the prompt alone does not stand behind it once a text follows.
void EmbedRequest::measurePrompt() {
    const std::string_view prompt = m_parameters.prompt;
    m_tokenizer.encode({&prompt, 1}, {static_cast<std::size_t>(m_traits.maxTokens), false}, m_buffer);
    const auto tokens = static_cast<int>(m_buffer.ids().size());
    m_promptTokens = tokens - std::min(m_tokenizer.specialAfter(), 1);
}

std::string_view EmbedRequest::text(std::size_t place) const {
    const InputData& input = m_request.input_data();
    return m_single ? input.text() : input.text_batch().texts(static_cast<int>(place));
}

void EmbedRequest::tokenizeNext() {
    const std::size_t first = m_offsets.size() - 1;
    std::vector<std::string_view> piece;
    std::vector<std::string> prompted;
    std::size_t bytes = 0;
    for (std::size_t i = first; i < m_inputs && piece.size() < kPieceTexts && bytes < kPieceBytes; ++i) {
        piece.push_back(text(i));
        bytes += piece.back().size();
    }
    if (!m_parameters.prompt.empty()) {
        prompted.reserve(piece.size());
        for (std::string_view& one : piece)
            one = prompted.emplace_back(m_parameters.prompt).append(one);
    }
    m_tokenizer.encode(piece, {static_cast<std::size_t>(m_traits.maxTokens), !m_parameters.truncate}, m_buffer);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
        const std::size_t end = m_buffer.ends()[i];
        const auto types =
            m_buffer.typeIds().empty() ? m_buffer.typeIds() : m_buffer.typeIds().subspan(begin, end - begin);
        appendSequence(m_buffer.ids().subspan(begin, end - begin), types, m_buffer.totals()[i],
                       m_buffer.exact()[i] != 0);
        begin = end;
    }
}

void EmbedRequest::takeTokens() {
    const auto limit = static_cast<std::size_t>(m_traits.maxTokens);
    std::vector<std::int32_t> ids;
    for (const auto& sequence : m_request.input_data().token_batch().sequences()) {
        const std::size_t place = m_offsets.size() - 1;
        if (sequence.ids().empty())
            invalid(inputName(place, false) + " has no token ids; its special tokens at least are needed");
        ids.clear();
        for (const std::uint32_t id : sequence.ids()) {
            if (id >= static_cast<std::uint32_t>(m_traits.vocabulary))
                invalid(inputName(place, false) + " has the token id " + std::to_string(id) +
                            "; this model's vocabulary ends at " + std::to_string(m_traits.vocabulary - 1),
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
        appendSequence(ids, {}, total, true);
    }
}

void EmbedRequest::appendSequence(std::span<const std::int32_t> ids, std::span<const std::int32_t> typeIds,
                                  std::size_t total, bool exact) {
    const std::size_t place = m_offsets.size() - 1;
    const bool cut = !exact || total > ids.size();
    if (cut && !m_parameters.truncate)
        invalid(inputName(place, m_single) + " has " + std::to_string(total) + " tokens; this model takes " +
                    std::to_string(m_traits.maxTokens) + ". Shorten it, or let it be cut with truncate: true",
                {{"input", static_cast<std::int64_t>(place)},
                 {"tokens", static_cast<std::int64_t>(total)},
                 {"limit", static_cast<std::int64_t>(m_traits.maxTokens)}});
    if (ids.empty())
        invalid(inputName(place, m_single) + " gives no tokens, and this model has no special tokens to embed instead");
    m_truncated += cut ? 1 : 0;
    if (!typeIds.empty() && m_typeIds.empty())
        m_typeIds.resize(m_tokens.size());
    m_tokens.insert(m_tokens.end(), ids.begin(), ids.end());
    if (!typeIds.empty())
        m_typeIds.insert(m_typeIds.end(), typeIds.begin(), typeIds.end());
    else if (!m_typeIds.empty())
        m_typeIds.resize(m_tokens.size());
    m_offsets.push_back(m_tokens.size());
}

std::size_t EmbedRequest::bytes() const {
    return m_request.ByteSizeLong() + (m_tokens.capacity() + m_typeIds.capacity()) * sizeof(std::int32_t) +
           m_inputs * (outputDimension() * sizeof(float) + sizeof(std::size_t) + sizeof(std::uint32_t));
}

std::size_t EmbedRequest::outputDimension() const {
    return static_cast<std::size_t>(m_parameters.dimensions.value_or(m_traits.dimension));
}

std::size_t EmbedRequest::take() {
    return m_order[m_taken++];
}

std::span<const std::int32_t> EmbedRequest::tokens(std::size_t place) const {
    return std::span(m_tokens).subspan(m_offsets[place], length(place));
}

std::span<const std::int32_t> EmbedRequest::typeIds(std::size_t place) const {
    return m_typeIds.empty() ? std::span<const std::int32_t>{}
                             : std::span(m_typeIds).subspan(m_offsets[place], length(place));
}

void EmbedRequest::store(std::size_t place, std::span<const float> vector) {
    constexpr double kSmallestNorm = 1e-12;
    const auto kept = vector.first(outputDimension());
    double squares = 0;
    for (const float value : kept)
        squares += static_cast<double>(value) * value;
    if (!std::isfinite(squares))
        throw Failure(ErrorCode::InferenceFailed,
                      "the model gave " + inputName(place, m_single) +
                          " an embedding that is not a number; its weights or its precision do not suit this input",
                      {{"input", static_cast<std::int64_t>(place)}});
    const float scale = m_parameters.normalize.value_or(m_traits.normalised)
                            ? static_cast<float>(1.0 / std::max(std::sqrt(squares), kSmallestNorm))
                            : 1.0F;
    float* out = m_vectors.data() + place * outputDimension();
    for (const float value : kept)
        *out++ = value * scale;
    ++m_stored;
}

void EmbedRequest::stepped(const Step& step) {
    if (m_batch == 0)
        m_firstStep = step.begun;
    m_batch = std::max(m_batch, step.inputs);
    const auto took = step.ended - step.begun;
    m_computing += duration_cast<microseconds>(took);
    m_chargedUs += std::chrono::duration<double, std::micro>(took).count() * static_cast<double>(step.myTokens) /
                   static_cast<double>(std::max<std::size_t>(1, step.tokens));
}

modelmora::worker::v1::Output EmbedRequest::output() const {
    modelmora::worker::v1::Output output;
    output.set_id(id());
    output.set_last(true);
    const std::size_t dimension = outputDimension();
    for (std::size_t place = 0; place < m_inputs; ++place) {
        auto* embedding = m_single ? output.mutable_data()->mutable_embedding()
                                   : output.mutable_data()->mutable_embedding_batch()->add_embeddings();
        const float* vector = m_vectors.data() + place * dimension;
        embedding->mutable_values()->Add(vector, vector + dimension);
    }
    auto* times = output.mutable_times();
    times->set_tokenize_us(m_tokenizing.count());
    times->set_compute_us(m_computing.count());
    times->set_wait_us(
        std::max<std::int64_t>(0, duration_cast<microseconds>(m_firstStep - m_arrived - m_tokenizing).count()));
    // 0 means that nothing was measured.
    output.set_charged_us(std::max<std::int64_t>(1, std::llround(m_chargedUs)));
    output.set_input_tokens(static_cast<std::int64_t>(m_tokens.size()));
    output.set_batch_size(static_cast<std::int32_t>(m_batch));
    output.set_truncated_inputs(m_truncated);
    return output;
}

} // namespace mm::worker
