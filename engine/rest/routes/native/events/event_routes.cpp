// Events as they happen: GET /api/v1/events answers with a stream that ends when the reader, or the engine, does.
#include "engine/rest/exchange.h"
#include "engine/rest/query.h"
#include "engine/rest/routes/native/events/event_answer.h"
#include "engine/rest/routes/native/native_routes.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::EventService;

constexpr std::int64_t kLargestId = std::numeric_limits<std::int64_t>::max();

void splitTypes(std::string_view text, v1::WatchEventsRequest& request) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        if (end > 0)
            request.add_types(std::string(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// A client that comes back names the last event it had in the header; the address still says what it first began with.
Result<v1::WatchEventsRequest> watchOf(const guard::HttpRequest& http) {
    Query query(http.query, {"types", "type", "model", "request", "job", "client", "last_event_id", "follow"});
    v1::WatchEventsRequest request;
    splitTypes(query.text({"types", "type"}).value_or(""), request);
    request.set_model_id(query.text({"model"}).value_or(""));
    request.set_request_id(query.text({"request"}).value_or(""));
    request.set_job_id(query.text({"job"}).value_or(""));
    request.set_client(query.text({"client"}).value_or(""));
    request.set_after_id(query.integer({"last_event_id"}, 0, 0, kLargestId));
    request.set_remembered_only(query.text({"follow"}) && !query.flag("follow"));
    MM_CHECK(query.check());
    if (const std::string_view last = http.header("last-event-id"); !last.empty()) {
        Query header("last_event_id=" + std::string(last), {"last_event_id"});
        request.set_after_id(header.integer({"last_event_id"}, 0, 0, kLargestId));
        if (!header.check())
            return invalidField("Last-Event-ID", "must be the id of an event, not '" + std::string(last) + "'");
    }
    return request;
}

void answerWith(const ExchangePtr& exchange, EventService::Watch watch, std::shared_ptr<EventText> text) {
    Answer head{200, {}, "text/event-stream", {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
    EventAnswer::Parts parts{exchange->answerInPieces(std::move(head)), std::move(watch), std::move(text),
                             [exchange](std::function<void()> task) { exchange->work(0, std::move(task)); }};
    const auto answer = std::make_shared<EventAnswer>(std::move(parts));
    exchange->onClientLeft([answer] { (void)answer; }); // until then, and no longer, it is kept
    answer->start();
}

void watchEvents(EventService& events, const ExchangePtr& exchange, const std::shared_ptr<EventText>& text) {
    auto request = watchOf(exchange->request());
    if (!request)
        return exchange->fail(request.error());
    events.watch(std::move(request).value(), [exchange, text](Result<EventService::Watch> watch) {
        if (!watch)
            return exchange->fail(watch.error());
        exchange->work(0, [exchange, text, watch = std::move(watch).value()] { answerWith(exchange, watch, text); });
    });
}

} // namespace

void mountEvents(Router& router, const service::Services& services) {
    router.add(
        "GET", api("/events"), access::Operation::WatchEvents,
        [&events = services.events, text = std::make_shared<EventText>()](const ExchangePtr& exchange) {
            watchEvents(events, exchange, text);
        },
        "text/event-stream");
}

} // namespace mm::rest::native
