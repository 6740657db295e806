#include "engine/observability/metrics/families.h"

#include "engine/ipc/utf8.h"
#include "engine/observability/metrics/text_format.h"

#include <algorithm>
#include <limits>

namespace mm::observability {
namespace {

// A scrape is lost whole where one value of a label is not UTF-8, and controls have no place in a name.
std::string labelValue(std::string_view text) {
    std::string value(text);
    const bool isText = firstInvalidUtf8(value) == std::string_view::npos;
    std::replace_if(
        value.begin(), value.end(),
        [isText](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte < 0x20 || byte == 0x7f || (!isText && byte >= 0x80);
        },
        '?');
    return value;
}

} // namespace

prometheus::ClientMetric& Family::add(Labels labels) {
    prometheus::ClientMetric& metric = m_family.metric.emplace_back();
    metric.label.reserve(labels.size());
    for (const auto& [name, value] : labels)
        metric.label.push_back({name, labelValue(value)});
    return metric;
}

Family& Family::value(Labels labels, double value) {
    prometheus::ClientMetric& metric = add(labels);
    (m_family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return *this;
}

Family& Family::histogram(Labels labels, const Histogram& histogram) {
    prometheus::ClientMetric::Histogram& target = add(labels).histogram;
    const auto bounds = histogram.bounds();
    target.bucket.reserve(bounds.size() + 1);
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        target.sample_count += histogram.count(i);
        target.bucket.push_back(
            {target.sample_count, i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity()});
    }
    target.sample_sum = histogram.sum();
    return *this;
}

Family Families::begin(const char* name, const char* help, prometheus::MetricType type) {
    return Family(m_families.emplace_back(prometheus::MetricFamily{name, help, type, {}}));
}

Family Families::counter(const char* name, const char* help) {
    return begin(name, help, prometheus::MetricType::Counter);
}

Family Families::gauge(const char* name, const char* help) {
    return begin(name, help, prometheus::MetricType::Gauge);
}

Family Families::histogram(const char* name, const char* help) {
    return begin(name, help, prometheus::MetricType::Histogram);
}

std::string Families::text() const {
    return toText(m_families);
}

} // namespace mm::observability
