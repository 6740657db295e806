#include "worker/tasks/encoder/encoder_model.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace mm::worker {

std::unique_ptr<Preparation> EncoderModel::prepare(std::uint64_t id, modelmora::v1::InferenceRequest request) {
    return std::make_unique<EncoderRequest>(id, std::move(request), *m_parts.task, m_parts.limits, m_parts.tokenizer,
                                            m_tokens);
}

void EncoderModel::admit(std::unique_ptr<Preparation> request) {
    m_requests.emplace_back(static_cast<EncoderRequest*>(request.release()));
}

bool EncoderModel::cancel(std::uint64_t id) {
    return std::erase_if(m_requests, [id](const auto& request) { return request->id() == id; }) > 0;
}

bool EncoderModel::retrySmaller() {
    if (m_picks.size() <= 1)
        return false;
    m_room.sequences = m_picks.size() / 2;
    for (const Pick& pick : m_picks)
        pick.request->putBack(1);
    m_picks.clear();
    return true;
}

std::vector<std::uint64_t> EncoderModel::dropFailed() {
    std::vector<std::uint64_t> ids;
    std::erase_if(m_requests, [&](const auto& request) {
        const bool involved = request->complete() || std::any_of(m_picks.begin(), m_picks.end(), [&](const Pick& pick) {
                                  return pick.request == request.get();
                              });
        if (involved)
            ids.push_back(request->id());
        return involved;
    });
    m_picks.clear();
    return ids;
}

void EncoderModel::pack(const std::vector<Pick>& picks) {
    m_batch.tokens.clear();
    m_batch.typeIds.clear();
    m_batch.offsets.assign(1, 0);
    m_promptTokens.clear();
    for (const Pick& pick : picks) {
        const auto tokens = pick.request->sequences().tokens(pick.place);
        const auto types = pick.request->sequences().typeIds(pick.place);
        if (!types.empty())
            m_batch.typeIds.resize(m_batch.tokens.size());
        m_batch.tokens.insert(m_batch.tokens.end(), tokens.begin(), tokens.end());
        if (!types.empty())
            m_batch.typeIds.insert(m_batch.typeIds.end(), types.begin(), types.end());
        m_batch.offsets.push_back(static_cast<std::int32_t>(m_batch.tokens.size()));
        m_promptTokens.push_back(pick.request->promptTokens());
    }
    if (!m_batch.typeIds.empty())
        m_batch.typeIds.resize(m_batch.tokens.size());
}

modelmora::v1::Priority EncoderModel::nextPriority() const {
    modelmora::v1::Priority highest = modelmora::v1::PRIORITY_LOW;
    for (const auto& request : m_requests)
        highest = std::max(highest, request->priority());
    return highest;
}

void EncoderModel::step(std::vector<Output>& finished) {
    const auto begun = EncoderRequest::Clock::now();
    std::vector<EncoderRequest*> waiting;
    for (const auto& request : m_requests)
        waiting.push_back(request.get());
    m_picks = pickSequences(waiting, m_room);
    if (m_picks.empty())
        return;
    compute();
    charge(waiting, begun);
    m_picks.clear();
    finish(finished);
}

void EncoderModel::compute() {
    const c10::InferenceMode inference;
    pack(m_picks);
    const at::Tensor hidden = m_parts.encoder->encode(m_batch);
    const at::Tensor rows = m_parts.head->run(hidden, m_batch.offsets, m_promptTokens);
    const auto width = static_cast<std::size_t>(m_parts.head->width());
    const float* row = rows.const_data_ptr<float>();
    for (const Pick& pick : m_picks) {
        pick.request->store(pick.place, {row, width});
        row += width;
    }
}

void EncoderModel::charge(const std::vector<EncoderRequest*>& requests, EncoderRequest::Clock::time_point begun) const {
    EncoderRequest::Step step{begun, EncoderRequest::Clock::now(), m_picks.size(), m_batch.tokens.size()};
    for (EncoderRequest* request : requests) {
        step.myTokens = 0;
        for (const Pick& pick : m_picks)
            step.myTokens += pick.request == request ? pick.length : 0;
        if (step.myTokens > 0)
            request->stepped(step);
    }
}

void EncoderModel::finish(std::vector<Output>& finished) {
    // All or nothing: an answer that memory cannot hold leaves its request here, for dropFailed().
    std::vector<Output> answers;
    for (const auto& request : m_requests)
        if (request->complete())
            answers.push_back(request->output());
    finished.insert(finished.end(), std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
    std::erase_if(m_requests, [](const auto& request) { return request->complete(); });
    if (m_requests.empty())
        m_room = m_parts.room;
}

} // namespace mm::worker
