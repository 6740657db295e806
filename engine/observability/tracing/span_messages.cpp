#include "engine/observability/tracing/span_messages.h"

#include "engine/base/ids.h"
#include "engine/ipc/enum_name.h"
#include "engine/observability/metrics/metrics_book.h"
#include "engine/observability/requests/request_filter.h"

#include <algorithm>
#include <charconv>

namespace mm::observability {
namespace {

namespace otlp = modelmora::otlp;

constexpr double kNanosPerMs = 1e6;
constexpr std::size_t kSpanDigits = 16;
constexpr std::uint32_t kSampled = 1;

std::string fromHex(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
        bytes.push_back(static_cast<char>(value));
    }
    return bytes;
}

std::string newSpanId() {
    std::string id = newUuid();
    std::erase(id, '-');
    return id.substr(id.size() - kSpanDigits);
}

std::uint64_t nanos(WallTime time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

template <typename Message>
otlp::AnyValue& attribute(Message& message, const char* name) {
    otlp::KeyValue& entry = *message.add_attributes();
    entry.set_key(name);
    return *entry.mutable_value();
}

template <typename Message>
void text(Message& message, const char* name, const std::string& value) {
    if (!value.empty())
        attribute(message, name).set_string_value(value);
}

template <typename Message>
void number(Message& message, const char* name, std::int64_t value) {
    attribute(message, name).set_int_value(value);
}

otlp::Span& begin(otlp::ScopeSpans& spans, const EndedTrace& ended, std::string id, const std::string& parent) {
    otlp::Span& span = *spans.add_spans();
    span.set_trace_id(fromHex(ended.traceId));
    span.set_span_id(std::move(id));
    if (!parent.empty())
        span.set_parent_span_id(parent);
    span.set_trace_state(ended.state);
    span.set_flags(kSampled);
    return span;
}

void describe(otlp::Span& span, const v1::QueueEntry& entry) {
    text(span, "modelmora.request_id", entry.request_id());
    text(span, "modelmora.model_id", entry.model_id());
    text(span, "modelmora.model_version", entry.version());
    text(span, "modelmora.client", entry.client());
    text(span, "modelmora.priority", enumName(entry.priority()));
    text(span, "modelmora.state", enumName(entry.state()));
    number(span, "modelmora.inputs", entry.inputs());
    if (entry.has_metadata()) {
        text(span, "modelmora.device", entry.metadata().device());
        text(span, "modelmora.dtype", entry.metadata().dtype());
        number(span, "modelmora.input_tokens", entry.metadata().input_tokens());
        number(span, "modelmora.batch_size", entry.metadata().batch_size());
    }
    if (!entry.has_error()) {
        span.mutable_status()->set_code(otlp::Status::STATUS_CODE_OK);
        return;
    }
    text(span, "error.type", entry.error().code());
    span.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
    span.mutable_status()->set_message(entry.error().message());
}

std::array<std::uint64_t, kStages.size()> stageNanos(const v1::QueueEntry& entry) {
    auto stages = stageMilliseconds(entry.metadata());
    if (!entry.has_metadata())
        stages.front() = entry.waited_ms();
    std::array<std::uint64_t, kStages.size()> nanos{};
    std::transform(stages.begin(), stages.end(), nanos.begin(),
                   [](double ms) { return static_cast<std::uint64_t>(std::max(0.0, ms * kNanosPerMs)); });
    return nanos;
}

// One after another from the request's arrival on: that is the order they mostly have, and their lengths are measured.
void addStages(otlp::ScopeSpans& spans, const EndedTrace& ended, const std::string& parent, std::uint64_t start,
               std::uint64_t end) {
    const auto stages = stageNanos(ended.entry);
    std::uint64_t at = start;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        if (stages[i] == 0)
            continue;
        otlp::Span& span = begin(spans, ended, fromHex(newSpanId()), parent);
        span.set_name(std::string(kStages[i]));
        span.set_kind(otlp::Span::SPAN_KIND_INTERNAL);
        span.set_start_time_unix_nano(std::min(at, end));
        at = std::min(at + stages[i], end);
        span.set_end_time_unix_nano(at);
    }
}

void addRequest(otlp::ScopeSpans& spans, const EndedTrace& ended) {
    const std::string own = ended.isPart ? fromHex(newSpanId()) : fromHex(ended.spanId);
    const std::string parent = fromHex(ended.isPart ? ended.spanId : ended.parentId);
    const std::uint64_t start = nanos(wallTime(ended.entry.received_at()));
    const std::uint64_t end = std::max(start, nanos(timeOf(ended.entry)));
    otlp::Span& span = begin(spans, ended, own, parent);
    span.set_name(ended.isPart ? "infer part" : "infer");
    span.set_kind(ended.isPart ? otlp::Span::SPAN_KIND_INTERNAL : otlp::Span::SPAN_KIND_SERVER);
    span.set_start_time_unix_nano(start);
    span.set_end_time_unix_nano(end);
    describe(span, ended.entry);
    addStages(spans, ended, own, start, end);
}

} // namespace

otlp::ExportTraceServiceRequest toExport(const std::vector<EndedTrace>& ended, const TraceResource& resource) {
    otlp::ExportTraceServiceRequest request;
    otlp::ResourceSpans& all = *request.add_resource_spans();
    otlp::Resource& source = *all.mutable_resource();
    text(source, "service.name", "modelmora");
    text(source, "service.version", resource.version);
    text(source, "service.instance.id", resource.instance);
    text(source, "host.name", resource.host);
    number(source, "process.pid", resource.pid);
    otlp::ScopeSpans& spans = *all.add_scope_spans();
    spans.mutable_scope()->set_name("modelmora");
    spans.mutable_scope()->set_version(resource.version);
    for (const EndedTrace& each : ended)
        addRequest(spans, each);
    return request;
}

std::uint64_t spansOf(const EndedTrace& ended) {
    const auto stages = stageNanos(ended.entry);
    return 1 + static_cast<std::uint64_t>(
                   std::count_if(stages.begin(), stages.end(), [](std::uint64_t length) { return length > 0; }));
}

int spansIn(const otlp::ExportTraceServiceRequest& request) {
    int count = 0;
    for (const otlp::ResourceSpans& resource : request.resource_spans())
        for (const otlp::ScopeSpans& scope : resource.scope_spans())
            count += scope.spans_size();
    return count;
}

} // namespace mm::observability
