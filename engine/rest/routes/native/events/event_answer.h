// EventAnswer: one reader's stream of events over REST. Takes from the watch what the connection has room for, says now
// and then that it is still there, and ends with the watch. Lives as long as whoever it was made for keeps it: when
// that lets go, the watch ends. REST thread.
#pragma once

#include "engine/events/event_watch.h"
#include "engine/rest/answer_stream.h"
#include "engine/rest/routes/native/events/event_text.h"

#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

namespace mm::rest::native {

class EventAnswer : public std::enable_shared_from_this<EventAnswer> {
public:
    struct Parts {
        std::shared_ptr<AnswerStream> answer;
        std::shared_ptr<events::EventWatch> watch;
        std::shared_ptr<EventText> text;                         // of all readers
        std::function<void(std::function<void()>)> onRestThread; // from any thread
        std::chrono::milliseconds heartbeat{15'000};
    };
    explicit EventAnswer(Parts parts);
    EventAnswer(const EventAnswer&) = delete;
    EventAnswer& operator=(const EventAnswer&) = delete;

    void start();

private:
    void pump();
    // False where there is nothing to go on with for now.
    bool step();
    [[nodiscard]] std::function<void()> later();

    Parts m_parts;
    QTimer m_heartbeat;
    bool m_pumping = false;
    bool m_again = false;
    bool m_over = false;
};

} // namespace mm::rest::native
