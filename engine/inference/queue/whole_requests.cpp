#include "engine/inference/queue/whole_requests.h"

#include "engine/inference/metadata_sum.h"

#include <utility>

namespace mm::inference {

bool WholeRequest::owns(const Request& part) const {
    return part.call.wholeInputs != nullptr && part.call.wholeInputs == token.lock();
}

v1::QueueEntry WholeRequest::entryFrom(v1::QueueEntry part) const {
    part.set_inputs(inputs);
    part.set_inputs_done(done);
    if (level)
        part.set_priority(priorityOf(*level));
    if (waitedMs)
        part.set_waited_ms(*waitedMs);
    return part;
}

void WholeRequest::add(const v1::InferenceMetadata& part) {
    if (done == 0)
        metadata = part;
    else
        addMetadata(part, metadata);
}

WholeRequest* WholeRequests::find(const WholeRequest::Token& token) {
    if (token == nullptr)
        return nullptr;
    const auto found = m_wholes.find(token.get());
    return found == m_wholes.end() ? nullptr : &found->second;
}

WholeRequest* WholeRequests::join(const Request& part) {
    const WholeRequest::Token& token = part.call.wholeInputs;
    if (token == nullptr)
        return nullptr;
    WholeRequest* whole = find(token);
    if (whole == nullptr) {
        std::erase_if(m_wholes, [](const auto& each) { return each.second.token.expired(); });
        whole = &m_wholes[token.get()];
        whole->token = token;
        whole->requestId = part.call.requestId;
        whole->modelKey = part.model.key;
        whole->inputs = *token;
    }
    whole->newest = part.id;
    whole->came += part.inputs;
    whole->setback.reset();
    return whole;
}

const WholeRequest* WholeRequests::named(const std::string& requestId) const {
    const WholeRequest* newest = nullptr;
    for (const auto& [address, whole] : m_wholes)
        if (whole.requestId == requestId && !whole.end && !whole.token.expired() &&
            (newest == nullptr || whole.newest > newest->newest))
            newest = &whole;
    return newest;
}

WholeRequest* WholeRequests::named(const std::string& requestId) {
    return const_cast<WholeRequest*>(std::as_const(*this).named(requestId)); // NOLINT: of this, which is not const
}

std::vector<WholeRequest*> WholeRequests::allNamed(const std::string& requestId) {
    std::vector<WholeRequest*> all;
    for (auto& [address, whole] : m_wholes)
        if (whole.requestId == requestId && !whole.end)
            all.push_back(&whole);
    return all;
}

std::vector<WholeRequest*> WholeRequests::allOf(const std::string& modelKey) {
    std::vector<WholeRequest*> all;
    for (auto& [address, whole] : m_wholes)
        if (whole.modelKey == modelKey && !whole.end && !whole.token.expired())
            all.push_back(&whole);
    return all;
}

} // namespace mm::inference
