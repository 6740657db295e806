#include "engine/events/event_filter.h"

#include "engine/base/near_match.h"

#include <algorithm>
#include <utility>

namespace mm::events {
namespace {

bool isKnownType(std::string_view name) {
    const auto& all = allEventTypes();
    return std::any_of(all.begin(), all.end(), [&](const EventType& type) { return type.name == name; });
}

std::string unknownType(const std::string& name) {
    std::vector<std::string> names;
    std::string topics;
    for (std::size_t i = 0; i <= bit(Topic::Audit); ++i) {
        names.emplace_back(topicName(static_cast<Topic>(i)));
        topics.append(topics.empty() ? "" : ", ").append(names.back());
    }
    for (const EventType& type : allEventTypes())
        names.emplace_back(type.name);
    const std::string text = "'" + name + "' is neither a topic (" + topics + ") nor a type of events";
    return text + "." + didYouMean(name, names);
}

} // namespace

EventFilter::EventFilter() {
    m_topics.set();
    m_whole.set();
}

Result<EventFilter> EventFilter::make(const v1::WatchEventsRequest& request, MayKnow mayKnow) {
    EventFilter filter;
    Error problems{ErrorCode::ValidationError, {}};
    const auto refuse = [&problems](std::string field, std::string message) {
        problems.message.append(problems.message.empty() ? "" : "; ").append(field + ": " + message);
        problems.fieldErrors.push_back({std::move(field), std::move(message)});
    };
    if (request.after_id() < 0)
        refuse("after_id", "must be 0 or more, not " + std::to_string(request.after_id()));
    if (request.types_size() > 0) {
        filter.m_topics.reset();
        filter.m_whole.reset();
    }
    for (int i = 0; i < request.types_size(); ++i) {
        const std::string& name = request.types(i);
        if (const auto topic = topicFromName(name)) {
            filter.m_topics.set(bit(*topic));
            filter.m_whole.set(bit(*topic));
        } else if (isKnownType(name)) {
            filter.m_topics.set(bit(*topicOf(name)));
            filter.m_types.push_back(name);
        } else {
            refuse("types[" + std::to_string(i) + "]", unknownType(name));
        }
    }
    if (!problems.fieldErrors.empty())
        return problems;
    filter.m_modelId = request.model_id();
    filter.m_requestId = request.request_id();
    filter.m_jobId = request.job_id();
    filter.m_client = request.client();
    filter.m_mayKnow = std::move(mayKnow);
    return filter;
}

bool EventFilter::matchesModel(std::string_view modelId) const {
    if (!modelId.starts_with(m_modelId))
        return false;
    return modelId.size() == m_modelId.size() || modelId[m_modelId.size()] == '@';
}

bool EventFilter::matches(Topic topic, const v1::Event& event) const {
    if (!m_whole.test(bit(topic)) &&
        (!m_topics.test(bit(topic)) || std::find(m_types.begin(), m_types.end(), event.type()) == m_types.end()))
        return false;
    return (m_modelId.empty() || matchesModel(event.model_id())) &&
           (m_requestId.empty() || event.request_id() == m_requestId) &&
           (m_jobId.empty() || event.job_id() == m_jobId) && (m_client.empty() || event.client() == m_client) &&
           (!m_mayKnow || event.model_id().empty() || m_mayKnow(event.model_id()));
}

} // namespace mm::events
