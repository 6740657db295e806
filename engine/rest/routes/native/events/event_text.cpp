#include "engine/rest/routes/native/events/event_text.h"

#include "engine/rest/json/proto_writer.h"
#include "engine/rest/routes/native/native_error.h"

namespace mm::rest::native {
namespace {

// Readers are woken one after the other for the same few events.
constexpr std::size_t kMostKept = 256;

std::string textOf(const events::v1::Event& event) {
    std::string text = "id: " + std::to_string(event.id()) + "\nevent: " + event.type() + "\ndata: ";
    JsonWriter writer(text);
    writeMessage(writer, event);
    return text += "\n\n";
}

} // namespace

const std::string& EventText::of(const events::EventPtr& event) {
    if (const auto found = m_kept.find(event.get()); found != m_kept.end())
        return found->second.text;
    if (m_kept.size() >= kMostKept)
        m_kept.clear();
    return m_kept.emplace(event.get(), Kept{event, textOf(*event)}).first->second.text;
}

std::string EventText::opening() {
    return "retry: 2000\n\n";
}

// Without an id: the client comes back after the last event that it had.
std::string EventText::end(const Error* error) {
    return "event: end\ndata: " + (error == nullptr ? std::string("{}") : errorAnswer(*error, {}).body) + "\n\n";
}

} // namespace mm::rest::native
