// Families: metric families as Prometheus' library has them, put together with few words. One owner.
#pragma once

#include "engine/observability/metrics/histogram.h"

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::observability {

using Labels = std::initializer_list<std::pair<const char*, std::string_view>>;

class Family {
public:
    explicit Family(prometheus::MetricFamily& family) : m_family(family) {}

    Family& value(Labels labels, double value);
    Family& histogram(Labels labels, const Histogram& histogram);

private:
    prometheus::ClientMetric& add(Labels labels);

    prometheus::MetricFamily& m_family;
};

class Families {
public:
    // Good until the next one is begun.
    Family counter(const char* name, const char* help);
    Family gauge(const char* name, const char* help);
    Family histogram(const char* name, const char* help);

    // Those that have values; one without is not known to be of any kind.
    [[nodiscard]] std::string text() const;

private:
    Family begin(const char* name, const char* help, prometheus::MetricType type);

    std::vector<prometheus::MetricFamily> m_families;
};

} // namespace mm::observability
