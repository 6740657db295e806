// What operators look at over time: metrics for Prometheus, history, requests by what became of them, the level of the
// log, and what a bug report needs.
#include "engine/base/clock.h"
#include "engine/ipc/times/time_text.h"
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

#include <google/protobuf/generated_enum_reflection.h>

#include <charconv>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using google::protobuf::Timestamp;
using service::ObservabilityService;

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

// Sends it on from whichever thread it came on.
template <typename T, typename Encode>
Reply<T> answerTo(const ExchangePtr& exchange, Encode encode) {
    return [exchange, encode](Result<T> result) {
        if (!result)
            return exchange->fail(result.error());
        const auto shared = std::make_shared<const T>(std::move(result).value());
        exchange->work(shared->ByteSizeLong() * 4, [exchange, encode, shared] { exchange->answer(encode(*shared)); });
    };
}

template <typename T>
Answer jsonAnswer(const T& message) {
    return {200, toJson(message)};
}

void metrics(ObservabilityService& service, const ExchangePtr& exchange) {
    service.metrics([exchange](Result<v1::MetricsText> text) {
        if (!text)
            return exchange->fail(text.error());
        Answer answer{200, std::move(*text->mutable_text())};
        answer.contentType = kMetricsType;
        answer.headers.emplace_back("Cache-Control", "no-store");
        exchange->answer(std::move(answer));
    });
}

std::optional<Timestamp> timeIn(Query& query, std::string_view name) {
    const auto text = query.text({name});
    if (!text)
        return std::nullopt;
    auto time = readTime(*text, WallTime::clock::now());
    if (!time)
        query.refuse(name, std::string("must be ") + kTimeText);
    return time;
}

// "15m" of `range` is the same as `from`.
v1::GetHistoryRequest historyRequest(Query& query) {
    v1::GetHistoryRequest request;
    request.set_model_id(query.text({"model"}).value_or(""));
    if (const auto from = timeIn(query, "from"))
        *request.mutable_from() = *from;
    if (const auto range = timeIn(query, "range"))
        *request.mutable_from() = *range;
    if (const auto to = timeIn(query, "to"))
        *request.mutable_to() = *to;
    request.set_resolution_seconds(static_cast<std::int32_t>(query.integer({"resolution"}, 0, 0, 86'400)));
    std::string series = query.text({"series"}).value_or("");
    for (std::size_t begin = 0; begin < series.size();) {
        const std::size_t comma = std::min(series.find(',', begin), series.size());
        request.add_series(series.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return request;
}

void history(ObservabilityService& service, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"model", "from", "to", "range", "resolution", "series"});
    v1::GetHistoryRequest request = historyRequest(query);
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    service.history(std::move(request), answerTo<v1::HistoryReport>(exchange, jsonAnswer<v1::HistoryReport>));
}

std::optional<v1::RequestState> stateNamed(const std::string& name) {
    std::string constant = "REQUEST_STATE_";
    for (const char c : name)
        constant.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    v1::RequestState state = v1::REQUEST_STATE_UNSPECIFIED;
    if (!v1::RequestState_Parse(constant, &state) || state == v1::REQUEST_STATE_UNSPECIFIED)
        return std::nullopt;
    return state;
}

double positiveNumber(Query& query, std::string_view name) {
    const auto text = query.text({name});
    if (!text)
        return 0;
    double value = -1;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failure == std::errc{} && end == text->data() + text->size() && value >= 0 && value < 1e15)
        return value;
    query.refuse(name, "must be a number from 0");
    return 0;
}

void requests(ObservabilityService& service, const ExchangePtr& exchange) {
    Query query(exchange->request().query,
                {"state", "model", "client", "since", "until", "slower_than_ms", "error_code", "limit"});
    v1::ListRequestsRequest request;
    if (const auto text = query.text({"state"})) {
        if (const auto state = stateNamed(*text))
            request.set_state(*state);
        else
            query.refuse("state", "must be waiting, held, running, completed, failed or cancelled");
    }
    request.set_model_id(query.text({"model"}).value_or(""));
    request.set_client(query.text({"client"}).value_or(""));
    request.set_error_code(query.text({"error_code"}).value_or(""));
    if (const auto since = timeIn(query, "since"))
        *request.mutable_since() = *since;
    if (const auto until = timeIn(query, "until"))
        *request.mutable_until() = *until;
    request.set_slower_than_ms(positiveNumber(query, "slower_than_ms"));
    request.set_limit(static_cast<std::int32_t>(query.integer({"limit"}, 0, 1, 1'000)));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    service.requests(std::move(request),
                     answerTo<v1::ListRequestsResponse>(exchange, jsonAnswer<v1::ListRequestsResponse>));
}

void setLogLevel(ObservabilityService& service, const ExchangePtr& exchange) {
    const BodyShape shape{{"level"}, {"level"}};
    withBody<v1::SetLogLevelRequest>(exchange, shape, [&service, exchange](v1::SetLogLevelRequest request) {
        service.setLogLevel(std::move(request), answerTo<v1::LogLevelStatus>(exchange, jsonAnswer<v1::LogLevelStatus>));
    });
}

void diagnose(ObservabilityService& service, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"log_lines"});
    v1::DiagnoseRequest request;
    request.set_log_lines(static_cast<std::int32_t>(query.integer({"log_lines"}, 0, 1, 100'000)));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    service.diagnose(request, answerTo<v1::Diagnosis>(exchange, jsonAnswer<v1::Diagnosis>));
}

} // namespace

void mountObservability(Router& router, const service::Services& services) {
    ObservabilityService& service = services.observability;
    const auto with = [&service](auto handler) {
        return [&service, handler](const ExchangePtr& exchange) { handler(service, exchange); };
    };
    // Scrapers look for it without the prefix.
    router.add("GET", "/metrics", access::Operation::ReadMetrics, with(metrics), "text/plain");
    router.add("GET", api("/metrics"), access::Operation::ReadMetrics, with(metrics), "text/plain");
    router.add("GET", api("/history"), access::Operation::ReadHistory, with(history));
    router.add("GET", api("/requests"), access::Operation::ReadQueue, with(requests));
    router.add("GET", api("/log-level"), access::Operation::ReadStatus, [&service](const ExchangePtr& exchange) {
        service.logLevel(answerTo<v1::LogLevelStatus>(exchange, jsonAnswer<v1::LogLevelStatus>));
    });
    router.add("PUT", api("/log-level"), access::Operation::ChangeLogging, with(setLogLevel));
    router.add("GET", api("/diagnosis"), access::Operation::ReadDiagnosis, with(diagnose));
}

} // namespace mm::rest::native
