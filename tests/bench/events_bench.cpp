// What publishing an event costs the engine thread: where nobody listens, and with readers. One JSON object a line.
#include "engine/events/event_log.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

using namespace mm;
using namespace mm::events;

namespace {

double nanosecondsEach(int count, const std::function<void(int)>& what) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i)
        what(i);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count() / count;
}

// As a request's end is told, behind the question whether anybody wants it.
void tell(EventLog& log, int i) {
    if (!log.wants(Topic::Request))
        return;
    const std::string id = std::to_string(i);
    log.publish(type::kRequestFinished, {.modelId = "sentence-transformers/all-MiniLM-L6-v2@main",
                                         .requestId = id,
                                         .client = "127.0.0.1",
                                         .message = "Request " + id + " is answered.",
                                         .details = {{"inputs", 1}, {"total_ms", 1.25}, {"queue_ms", 0.25}}});
}

double withReaders(int readers, int count) {
    const SystemClock clock;
    EventLog log({}, clock);
    std::vector<std::shared_ptr<EventWatch>> watches;
    for (int i = 0; i < readers; ++i)
        watches.push_back(log.watch({}).value());
    return nanosecondsEach(count, [&](int i) {
        tell(log, i);
        if (i % 1'000 == 999) // the readers keep up
            for (const auto& watch : watches)
                (void)watch->take(1'000);
    });
}

} // namespace

int main() {
    std::printf("{\"readers\": 0, \"ns\": %.1f}\n", withReaders(0, 10'000'000));
    for (const int readers : {1, 10, 200})
        std::printf("{\"readers\": %d, \"ns\": %.1f}\n", readers, withReaders(readers, 100'000));
    return 0;
}
