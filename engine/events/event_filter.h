// EventFilter: which events a reader wants. Pure, immutable once made.
#pragma once

#include "engine/base/result.h"
#include "engine/events/event_type.h"
#include "modelmora/v1/events.pb.h"

#include <bitset>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::events {

namespace v1 = modelmora::v1;

using TopicSet = std::bitset<16>;

[[nodiscard]] inline std::size_t bit(Topic topic) {
    return static_cast<std::size_t>(topic);
}

// Of a model by its "org/repo@version" or "org/repo": whether the reader may know of it. Null: of every one.
using MayKnow = std::function<bool(std::string_view model)>;

class EventFilter {
public:
    EventFilter(); // everything
    // ValidationError with every type that is unknown (the nearest name is suggested) and a negative after_id.
    static Result<EventFilter> make(const v1::WatchEventsRequest& request, MayKnow mayKnow = nullptr);

    [[nodiscard]] bool matches(Topic topic, const v1::Event& event) const;
    // Topics of which at least some type is wanted.
    [[nodiscard]] const TopicSet& topics() const { return m_topics; }

private:
    [[nodiscard]] bool matchesModel(std::string_view modelId) const;

    TopicSet m_topics;
    TopicSet m_whole;                 // of these every type
    std::vector<std::string> m_types; // single ones, of the others
    std::string m_modelId;
    std::string m_requestId;
    std::string m_jobId;
    std::string m_client;
    MayKnow m_mayKnow;
};

} // namespace mm::events
