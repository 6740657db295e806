// What /metrics is made of: the text that Prometheus reads, and names that would break it.
#include "engine/observability/metrics/scrape.h"
#include "engine/observability/metrics/text_format.h"

#include <QtTest>

#include <prometheus/text_serializer.h>

using namespace mm;
using namespace mm::observability;

namespace {

v1::QueueEntry entry(const std::string& model, v1::RequestState state, double totalMs) {
    v1::QueueEntry ended;
    ended.set_model_id(model);
    ended.set_state(state);
    if (state == v1::REQUEST_STATE_COMPLETED)
        ended.mutable_metadata()->set_total_time_ms(totalMs);
    if (state == v1::REQUEST_STATE_FAILED)
        ended.mutable_error()->set_code("INFERENCE_TIMEOUT");
    return ended;
}

bool has(const std::string& text, const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
}

} // namespace

class TestExposition final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsRequestsUnderTheNamesOfTheSpecification() {
        Scrape scrape;
        scrape.book.ended(entry("me/one", v1::REQUEST_STATE_COMPLETED, 80));
        scrape.book.ended(entry("me/one", v1::REQUEST_STATE_COMPLETED, 300));
        scrape.book.ended(entry("me/one", v1::REQUEST_STATE_FAILED, 0));
        scrape.figures.waiting = {1, 2, 3, 4};
        const std::string text = exposition(scrape);
        QVERIFY(has(text, "modelmora_requests_total{model_id=\"me/one\",status=\"success\"} 2"));
        QVERIFY(has(text, "modelmora_inference_requests_total{model_name=\"me/one\",status=\"error\"} 1"));
        QVERIFY(has(text, "modelmora_requests_failed_total{model_id=\"me/one\"} 1"));
        QVERIFY(has(text, "modelmora_errors_total{code=\"INFERENCE_TIMEOUT\"} 1"));
        QVERIFY(has(text, "modelmora_queue_depth{priority=\"low\"} 4"));
        const std::string bucket =
            "modelmora_inference_duration_seconds_bucket{model_id=\"me/one\",model_name=\"me/one\",le=\"";
        QVERIFY(has(text, bucket + "0.05\"} 0"));
        QVERIFY(text.find(bucket + "0.1") != std::string::npos);
        QVERIFY(has(text, bucket + "0.5\"} 2"));
        QVERIFY(has(text, bucket + "+Inf\"} 2"));
    }

    void namesCannotForgeLines() {
        Scrape scrape;
        DeviceFigures device;
        device.device = "cuda:0";
        device.name = "A \"GPU\"\\\nmodelmora_forged 1\x1b[31m\xff";
        scrape.figures.devices.push_back(device);
        const std::string text = exposition(scrape);
        QVERIFY(text.find("\nmodelmora_forged") == std::string::npos);
        QVERIFY(text.find('\x1b') == std::string::npos);
        QVERIFY(text.find('\xff') == std::string::npos);
        QVERIFY(text.find("A \\\"GPU\\\"\\\\?modelmora_forged 1?[31m?") != std::string::npos);
    }

    void theTextIsWhatPrometheusOwnLibraryWrites() {
        using prometheus::ClientMetric;
        ClientMetric::Histogram histogram{3, 1.5, {{1, 0.5}, {3, std::numeric_limits<double>::infinity()}}};
        ClientMetric plain;
        plain.label = {{"name", "a \"quote\", a \\ and a\nline"}, {"b", ""}};
        plain.counter.value = 7;
        plain.gauge.value = 0.25;
        ClientMetric counted;
        counted.histogram = histogram;
        ClientMetric labelled = plain;
        labelled.histogram = histogram;
        const std::vector<prometheus::MetricFamily> families{
            {"a_total", "Help", prometheus::MetricType::Counter, {plain, {}}},
            {"b", "Help", prometheus::MetricType::Gauge, {plain}},
            {"c_seconds", "Help", prometheus::MetricType::Histogram, {counted, labelled}},
            {"d", "Without values", prometheus::MetricType::Gauge, {}}};
        QCOMPARE(QString::fromStdString(toText(families)),
                 QString::fromStdString(prometheus::TextSerializer().Serialize(families)));
    }

    void modelsThatAreGoneLeaveTheirLines() {
        MetricsBook book;
        book.ended(entry("me/gone", v1::REQUEST_STATE_COMPLETED, 1));
        book.ended(entry("me/stays", v1::REQUEST_STATE_COMPLETED, 1));
        book.loadFailed("me/gone@1");
        book.keepOnly({"me/stays"});
        QCOMPARE(book.models().size(), std::size_t{1});
        QCOMPARE(book.loadFailures(), std::uint64_t{1});
    }

    void countsByModelWhateverTheVersion() {
        MetricsBook book;
        v1::InferenceMetadata metadata;
        metadata.set_batch_size(8);
        metadata.set_compute_ms(500);
        book.computed("me/one@1", 4, metadata);
        book.computed("me/one@2", 4, metadata);
        const ModelCounters& model = book.models().at("me/one");
        QCOMPARE(model.inputs, std::uint64_t{8});
        QCOMPARE(model.batchesComputed, 1.0);
        QCOMPARE(model.stageSeconds[4], 1.0);
    }
};

QTEST_APPLESS_MAIN(TestExposition)
#include "test_exposition.moc"
