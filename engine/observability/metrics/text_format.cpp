#include "engine/observability/metrics/text_format.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace mm::observability {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void appendNumber(std::string& text, double value) {
    if (std::isnan(value)) {
        text += "NaN";
    } else if (std::isinf(value)) {
        text += value > 0 ? "+Inf" : "-Inf";
    } else {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        text.append(digits.data(), end);
    }
}

// A backslash and a line's end are escaped everywhere, quotes in the values of labels.
void appendEscaped(std::string& text, std::string_view value, bool isLabel) {
    for (const char c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '\\' || (isLabel && c == '"'))
            text.append("\\").push_back(c);
        else
            text.push_back(c);
    }
}

std::string labelsOf(const ClientMetric& metric) {
    std::string labels;
    for (const ClientMetric::Label& label : metric.label) {
        labels.append(labels.empty() ? "" : ",").append(label.name).append("=\"");
        appendEscaped(labels, label.value, true);
        labels.push_back('"');
    }
    return labels;
}

void appendLine(std::string& text, const std::string& name, std::string_view labels, double value) {
    text += name;
    if (!labels.empty())
        text.append("{").append(labels).append("}");
    text.push_back(' ');
    appendNumber(text, value);
    text.push_back('\n');
}

void appendHistogram(std::string& text, const std::string& name, const std::string& labels,
                     const ClientMetric::Histogram& histogram) {
    appendLine(text, name + "_count", labels, static_cast<double>(histogram.sample_count));
    appendLine(text, name + "_sum", labels, histogram.sample_sum);
    const std::string bucket = name + "_bucket{" + labels + (labels.empty() ? "le=\"" : ",le=\"");
    for (const ClientMetric::Bucket& each : histogram.bucket) {
        text += bucket;
        appendNumber(text, each.upper_bound);
        text += "\"} ";
        appendNumber(text, static_cast<double>(each.cumulative_count));
        text.push_back('\n');
    }
}

const char* typeName(MetricType type) {
    switch (type) {
    case MetricType::Counter:
        return "counter";
    case MetricType::Histogram:
        return "histogram";
    default:
        return "gauge";
    }
}

} // namespace

std::string toText(const std::vector<MetricFamily>& families) {
    std::string text;
    for (const MetricFamily& family : families) {
        text.append("# HELP ").append(family.name).append(" ");
        appendEscaped(text, family.help, false);
        text.append("\n# TYPE ").append(family.name).append(" ").append(typeName(family.type)).append("\n");
        for (const ClientMetric& metric : family.metric) {
            const std::string labels = labelsOf(metric);
            if (family.type == MetricType::Histogram)
                appendHistogram(text, family.name, labels, metric.histogram);
            else
                appendLine(text, family.name, labels,
                           family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value);
        }
    }
    return text;
}

} // namespace mm::observability
