#include "worker/tasks/encoder/encoder_request.h"

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

// What an answer needs besides its numbers: names and times.
constexpr std::size_t kAnswerReserve = 1U << 16;

[[noreturn]] void invalid(const std::string& why) {
    throw Failure(ErrorCode::InvalidInput, why);
}

std::string_view kindName(InputData::DataCase kind) {
    switch (kind) {
    case InputData::kImage:
    case InputData::kImageBatch:
        return "images";
    case InputData::kQueryDocuments:
        return "a query with documents";
    case InputData::kTextPairs:
        return "pairs of texts";
    case InputData::kTokenBatch:
        return "token ids";
    default:
        return "texts";
    }
}

} // namespace

EncoderRequest::EncoderRequest(std::uint64_t id, modelmora::v1::InferenceRequest request, const EncoderTask& task,
                               const InputLimits& limits, const Tokenizer& tokenizer, TokenBuffer& buffer)
    : Preparation(id, request.priority()), m_embeddingFormat(request.embedding_format()) {
    EncoderWish wish = task.read(request.parameters());
    checkInput(task, request.input_data());
    checkPrompt(request.input_data(), wish);
    m_answer = std::move(wish.answer);
    checkAnswerSize();
    m_input.emplace(std::move(*request.mutable_input_data()),
                    InputTokens::Wish{std::move(wish.prompt), wish.truncate, !task.traits().poolPrompt}, limits,
                    tokenizer, buffer);
}

void EncoderRequest::checkInput(const EncoderTask& task, const InputData& input) {
    const std::string does(task.traits().does);
    const std::string wants(task.traits().wants);
    m_kind = input.data_case();
    if (m_kind == InputData::DATA_NOT_SET)
        invalid("the request holds no input; this model " + does + ": send " + wants);
    if (!task.takes(m_kind))
        invalid("this model " + does + ", and the request holds " + std::string(kindName(m_kind)) + "; send " + wants);
    m_inputs = countInputs(input);
    if (m_inputs == 0)
        invalid("the list of inputs is empty; at least one is needed");
}

void EncoderRequest::checkPrompt(const InputData& input, EncoderWish& wish) const {
    if (!input.has_token_batch())
        return;
    if (wish.promptGiven)
        throw Failure(invalidField("parameters.prompt", "a prompt cannot be put in front of token ids; send texts"));
    wish.prompt.clear();
}

void EncoderRequest::checkAnswerSize() const {
    const std::size_t each = m_answer->bytesPerInput();
    if (m_inputs * each + kAnswerReserve <= ipc::kMaxFrameBytes)
        return;
    const std::size_t most = (ipc::kMaxFrameBytes - kAnswerReserve) / each;
    throw Failure(ErrorCode::BatchSizeExceeded,
                  std::to_string(m_inputs) + " inputs give more numbers than one answer can hold; send at most " +
                      std::to_string(most) + " at once",
                  {{"inputs", static_cast<std::int64_t>(m_inputs)}, {"limit", static_cast<std::int64_t>(most)}});
}

bool EncoderRequest::advance() {
    const Clock::time_point begun = Clock::now();
    const bool finished = m_input->advance(m_sequences);
    if (finished)
        finishPreparing();
    m_tokenizing += duration_cast<microseconds>(Clock::now() - begun);
    return finished;
}

void EncoderRequest::finishPreparing() {
    m_promptTokens = m_input->promptTokens();
    m_truncated = m_input->truncated();
    m_input.reset();
    m_order.resize(m_inputs);
    std::iota(m_order.begin(), m_order.end(), 0U);
    std::stable_sort(m_order.begin(), m_order.end(), [this](std::uint32_t a, std::uint32_t b) {
        return m_sequences.length(a) > m_sequences.length(b);
    });
    m_answer->reserve(m_inputs);
}

std::size_t EncoderRequest::bytes() const {
    return (m_input ? m_input->bytes() : 0) + m_sequences.bytes() +
           m_inputs * (m_answer->bytesPerInput() + sizeof(std::size_t) + sizeof(std::uint32_t));
}

void EncoderRequest::store(std::size_t place, std::span<const float> row) {
    if (!std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); }))
        throw Failure(ErrorCode::InferenceFailed,
                      "the model gave " + inputName(m_kind, place) +
                          " a result that is not a number; its weights or its precision do not suit this input",
                      {{"input", static_cast<std::int64_t>(place)}});
    m_answer->store(place, row);
    ++m_stored;
}

void EncoderRequest::stepped(const Step& step) {
    if (m_batch == 0)
        m_firstStep = step.begun;
    m_batch = std::max(m_batch, step.inputs);
    const auto took = step.ended - step.begun;
    m_computing += duration_cast<microseconds>(took);
    m_chargedUs += std::chrono::duration<double, std::micro>(took).count() * static_cast<double>(step.myTokens) /
                   static_cast<double>(std::max<std::size_t>(1, step.tokens));
}

modelmora::worker::v1::Output EncoderRequest::output() {
    modelmora::worker::v1::Output output;
    output.set_id(id());
    output.set_last(true);
    m_answer->write({m_kind == InputData::kText, m_embeddingFormat}, *output.mutable_data());
    auto* times = output.mutable_times();
    times->set_tokenize_us(m_tokenizing.count());
    times->set_compute_us(m_computing.count());
    times->set_wait_us(
        std::max<std::int64_t>(0, duration_cast<microseconds>(m_firstStep - m_arrived - m_tokenizing).count()));
    // 0 means that nothing was measured.
    output.set_charged_us(std::max<std::int64_t>(1, std::llround(m_chargedUs)));
    output.set_input_tokens(static_cast<std::int64_t>(m_sequences.tokenCount()));
    output.set_batch_size(static_cast<std::int32_t>(m_batch));
    output.set_truncated_inputs(m_truncated);
    return output;
}

} // namespace mm::worker
