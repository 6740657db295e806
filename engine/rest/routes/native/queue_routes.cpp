// The queue: what waits and runs, and one request of it: look it up, cancel, raise, hold and release it.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::QueueService;

constexpr std::int64_t kLargestLimit = 100'000;

void queueReport(QueueService& queue, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"model", "client", "limit"});
    v1::GetQueueRequest request;
    request.set_model_id(query.text({"model"}).value_or(""));
    request.set_client(query.text({"client"}).value_or(""));
    request.set_limit(static_cast<std::int32_t>(query.integer({"limit"}, 0, 1, kLargestLimit)));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    queue.queue(std::move(request), [exchange](Result<v1::QueueReport> report) {
        if (!report)
            return exchange->fail(report.error());
        const auto shared = std::make_shared<const v1::QueueReport>(std::move(report).value());
        exchange->work(shared->ByteSizeLong(), [exchange, shared] { exchange->answer({200, toJson(*shared)}); });
    });
}

// One that needs nothing but the id.
template <typename Request>
auto entryOf(QueueService& queue, void (QueueService::*method)(Request, Reply<v1::QueueEntry>)) {
    return [&queue, method](const ExchangePtr& exchange) {
        withBody<Request>(exchange, {}, [&queue, method, exchange](Request request) {
            request.set_request_id(exchange->argument("request"));
            (queue.*method)(std::move(request), exchange->replyWith<v1::QueueEntry>([](const v1::QueueEntry& entry) {
                return Answer{200, toJson(entry)};
            }));
        });
    };
}

void setPriority(QueueService& queue, const ExchangePtr& exchange) {
    const BodyShape shape{{"priority"}, {"priority"}};
    withBody<v1::SetRequestPriorityRequest>(exchange, shape, [&queue, exchange](v1::SetRequestPriorityRequest request) {
        request.set_request_id(exchange->argument("request"));
        queue.setRequestPriority(std::move(request),
                                 exchange->replyWith<v1::QueueEntry>([](const v1::QueueEntry& entry) {
                                     return Answer{200, toJson(entry)};
                                 }));
    });
}

} // namespace

void mountQueue(Router& router, const service::Services& services) {
    QueueService& queue = services.queue;
    router.add("GET", api("/queue"), access::Operation::ReadQueue,
               [&queue](const ExchangePtr& exchange) { queueReport(queue, exchange); });
    const std::string request = api("/requests/{request}");
    router.add("GET", request, access::Operation::ReadQueue, entryOf(queue, &QueueService::getRequest));
    router.add("POST", request + "/cancel", access::Operation::CancelRequest,
               entryOf(queue, &QueueService::cancelRequest));
    router.add("POST", request + "/hold", access::Operation::ChangeQueue, entryOf(queue, &QueueService::holdRequest));
    router.add("POST", request + "/release", access::Operation::ChangeQueue,
               entryOf(queue, &QueueService::releaseRequest));
    router.add("POST", request + "/priority", access::Operation::ChangeQueue,
               [&queue](const ExchangePtr& exchange) { setPriority(queue, exchange); });
}

} // namespace mm::rest::native
