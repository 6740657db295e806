// A request that ended, as spans: ids, parents, and stages that lie within it. How the exporter bears a collector that
// is not there.
#include "engine/observability/tracing/span_exporter.h"

#include <QtTest>

using namespace mm;
using namespace mm::observability;

namespace {

EndedTrace ended() {
    EndedTrace trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7", "a=b", false, {}};
    trace.entry.set_state(v1::REQUEST_STATE_COMPLETED);
    trace.entry.mutable_received_at()->set_seconds(1000);
    trace.entry.mutable_finished_at()->set_seconds(1001);
    trace.entry.mutable_metadata()->set_queue_ms(200);
    trace.entry.mutable_metadata()->set_compute_ms(700);
    return trace;
}

} // namespace

class TestSpanMessages final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRequestIsASpanWithItsStagesBelow() {
        const auto message = toExport({ended()}, {"1", "host", 1, "i"});
        QCOMPARE(spansIn(message), 3);
        QCOMPARE(spansOf(ended()), std::uint64_t{3});
        const auto& spans = message.resource_spans(0).scope_spans(0).spans();
        QCOMPARE(spans[0].trace_id().size(), std::size_t{16});
        QCOMPARE(spans[0].span_id(), std::string("\x00\xf0\x67\xaa\x0b\xa9\x02\xb7", 8));
        QCOMPARE(spans[0].parent_span_id(), std::string("\xb7\xad\x6b\x71\x69\x20\x33\x31", 8));
        QCOMPARE(spans[1].parent_span_id(), spans[0].span_id());
        QCOMPARE(QByteArray(spans[2].name().c_str()), QByteArray("compute"));
        QCOMPARE(spans[2].start_time_unix_nano(), std::uint64_t{1000'200'000'000});
        QCOMPARE(spans[2].end_time_unix_nano(), std::uint64_t{1000'900'000'000});
        QVERIFY(spans[1].span_id() != spans[2].span_id());
    }

    void aPartIsASpanBelowTheRequests() {
        EndedTrace part = ended();
        part.isPart = true;
        const auto message = toExport({part}, {});
        const auto& span = message.resource_spans(0).scope_spans(0).spans(0);
        QCOMPARE(span.parent_span_id(), std::string("\x00\xf0\x67\xaa\x0b\xa9\x02\xb7", 8));
        QVERIFY(span.span_id() != span.parent_span_id());
    }

    void aCollectorThatIsNotThereCostsSpansAndNoTime() {
        ExporterOptions options;
        options.endpoint = "http://127.0.0.1:1/v1/traces"; // nobody listens there
        options.mostWaiting = 10;
        options.attempts = 1;
        options.every = std::chrono::hours(1);
        options.patience = std::chrono::seconds(10);
        SpanExporter exporter(options);
        for (int i = 0; i < 12; ++i)
            exporter.add(ended());
        QCOMPARE(exporter.counts().waiting, std::uint64_t{10});
        QCOMPARE(exporter.counts().droppedQueueFull, std::uint64_t{2 * 3});
    }
};

QTEST_GUILESS_MAIN(TestSpanMessages)
#include "test_span_messages.moc"
