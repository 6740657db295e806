// What the playground computes and writes: similarities, the map, latencies, the same request elsewhere; and what the
// jobs' table says.
#include "gui/pages/playground/answer_view.h"
#include "gui/pages/playground/copy_as.h"
#include "gui/pages/playground/kept_history.h"
#include "gui/pages/playground/latency.h"
#include "gui/pages/playground/point_map.h"
#include "gui/pages/playground/request_form.h"
#include "gui/pages/playground/similarity.h"
#include "gui/pages/queue/jobs/job_texts.h"
#include "gui/theme/theme.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace mm::gui;

namespace {

v1::InferenceRequest requestOf(const std::string& text) {
    v1::InferenceRequest request;
    request.set_model_id("org/model");
    request.mutable_input_data()->mutable_text_batch()->add_texts(text);
    (*request.mutable_parameters()->mutable_fields())["normalize"].set_bool_value(true);
    return request;
}

const Addresses kAt{"127.0.0.1:8000", "127.0.0.1:50051", false};

} // namespace

class TestPlaygroundTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNearlyNothingHasNoSign() {
        QCOMPARE(similarityText(-0.0012), QStringLiteral("0.00"));
        QCOMPARE(similarityText(-0.07), QStringLiteral("-0.07"));
        QCOMPARE(similarityText(0.623), QStringLiteral("0.62"));
    }

    void namesOnTheMapDoNotCoverOneAnother() {
        const QRectF map(0, 0, 300, 200);
        const std::vector<QPointF> points{{50, 100}, {52, 104}, {290, 50}, {150, 195}, {54, 100}, {51, 97}, {49, 103}};
        const std::vector<QRectF> names = placeNames(points, std::vector<double>(points.size(), 120.0), 16, map);
        QCOMPARE(names.size(), points.size());
        QVERIFY(names[0].left() > points[0].x());  // at the right, where there is room
        QVERIFY(names[2].right() < points[2].x()); // at the left, where the map ends
        QVERIFY(names.back().isEmpty());           // too many in one place: not all of them are named
        for (std::size_t i = 0; i < names.size(); ++i) {
            QVERIFY(names[i].isEmpty() || map.contains(names[i]));
            for (std::size_t j = 0; j < names.size(); ++j)
                QVERIFY(i == j || names[i].isEmpty() || !names[i].intersects(names[j]));
            for (const QPointF& point : points)
                QVERIFY(!names[i].contains(point));
        }
    }

    void vectorsComeInEveryForm() {
        v1::OutputData output;
        auto& matrix = *output.mutable_embedding_matrix();
        const float values[] = {1, 0, 0, 2};
        matrix.set_rows(2);
        matrix.set_dimension(2);
        matrix.set_data(reinterpret_cast<const char*>(values), sizeof(values)); // NOLINT: bytes are what it holds
        QCOMPARE(vectorsOf(output), (Vectors{{1, 0}, {0, 2}}));
        output.mutable_embedding()->add_values(3);
        QCOMPARE(vectorsOf(output), (Vectors{{3}}));
        output.set_text("no vector");
        QVERIFY(vectorsOf(output).empty());
    }

    void nearTextsAreFound() {
        const Vectors vectors{{1, 0}, {1, 1}, {0, 2}, {0, 0}};
        const auto all = cosines(vectors);
        QCOMPARE(all[0], 1.0);
        QVERIFY(std::abs(all[1] - std::sqrt(0.5)) < 1e-9);
        QCOMPARE(all[2], 0.0);
        QCOMPARE(all[15], 0.0); // a vector of length 0 is near to nothing
        const auto pairs = nearestPairs(all, 4, 2);
        QCOMPARE(pairs.size(), std::size_t{2});
        QCOMPARE(pairs[0].first, std::size_t{0});
        QCOMPARE(pairs[0].second, std::size_t{1});
    }

    void theMapKeepsDistances() {
        // Three points on a plane within a space of four dimensions: the map can be exact.
        const Vectors vectors{{0, 0, 5, 1}, {4, 0, 5, 1}, {0, 3, 5, 1}};
        const auto points = onPlane(vectors);
        const auto apart = [&](std::size_t one, std::size_t other) {
            const QPointF gap = points[one] - points[other];
            return std::hypot(gap.x(), gap.y());
        };
        QVERIFY(std::abs(apart(0, 1) / apart(0, 2) - 4.0 / 3.0) < 1e-6);
        QVERIFY(std::abs(apart(1, 2) / apart(0, 2) - 5.0 / 3.0) < 1e-6);
        QCOMPARE(onPlane({{1, 2}}).front(), QPointF());
        QCOMPARE(onPlane({{1, 2}, {1, 2}}).back(), QPointF());
    }

    void latenciesAreSummedUp() {
        std::vector<double> latencies(100);
        std::iota(latencies.rbegin(), latencies.rend(), 1); // 100 … 1
        const LatencySummary summary = summarise(latencies, 3, 10);
        QCOMPARE(summary.p50, 50.0);
        QCOMPARE(summary.p95, 95.0);
        QCOMPARE(summary.p99, 99.0);
        QCOMPARE(summary.perSecond, 10.0);
        const Histogram histogram = histogramOf(latencies, 10);
        QCOMPARE(std::accumulate(histogram.counts.begin(), histogram.counts.end(), 0), 100);
        QCOMPARE(summarise({}, 0, 0).p99, 0.0);
        QCOMPARE(histogramOf({}, 4).counts, std::vector<int>(4, 0));
    }

    void copiesSurviveQuotes() {
        const auto request = requestOf("it's \"one\" $HOME");
        QCOMPARE(curlOf(request, kAt),
                 QStringLiteral("curl -sS 'http://127.0.0.1:8000/api/v1/infer/org/model' \\\n"
                                "  -H 'Content-Type: application/json' \\\n"
                                "  -d '{\"input_data\":{\"text\":[\"it'\\''s \\\"one\\\" $HOME\"]},"
                                "\"parameters\":{\"normalize\":true}}'"));
        const QString python = pythonOf(request, kAt);
        QVERIFY(python.contains(QStringLiteral("{\"text\": [\"it's \\\"one\\\" $HOME\"]}")));
        QVERIFY(python.contains(QStringLiteral("{\"normalize\": True}")));
        QVERIFY(
            grpcurlOf(request, kAt).endsWith(QStringLiteral("127.0.0.1:50051 modelmora.v1.InferenceService/Infer")));
        QVERIFY(curlOf(request, {"h:1", "h:2", true}).contains(QStringLiteral("Bearer $MODELMORA_KEY")));
    }

    void anAddressCanBeReachedFromHere() {
        QCOMPARE(reachable("127.0.0.1:8000", ""), std::string("127.0.0.1:8000"));
        QCOMPARE(reachable("0.0.0.0:8000", "10.0.0.7:50051"), std::string("10.0.0.7:8000"));
        QCOMPARE(reachable("[::]:8000", ""), std::string("127.0.0.1:8000"));
    }

    void scoresBecomeBarsTheBestFirst() {
        Theme theme;
        AnswerView view(theme);
        v1::InferenceRequest request;
        auto& asked = *request.mutable_input_data()->mutable_query_documents();
        asked.set_query("which?");
        asked.add_documents("the wrong one");
        asked.add_documents("the right one");
        v1::InferenceResponse response;
        response.mutable_output_data()->mutable_scores()->add_values(0.1F);
        response.mutable_output_data()->mutable_scores()->add_values(0.9F);
        view.show(request, response);
        QCOMPARE(view.findChild<QWidget*>(QStringLiteral("bars"))->accessibleName(),
                 QStringLiteral("the right one 0.9000, the wrong one 0.1000"));
        auto& label =
            *response.mutable_output_data()->mutable_classification_batch()->add_classifications()->add_labels();
        label.set_label("joy");
        label.set_score(0.75F);
        view.show(request, response);
        QCOMPARE(view.findChild<QWidget*>(QStringLiteral("bars"))->accessibleName(), QStringLiteral("joy 0.7500"));
    }

    void whatWasAskedComesBack() {
        v1::InferenceResponse response;
        response.mutable_output_data()->set_text("an answer");
        const Asked asked{requestOf("a text"), response, QStringLiteral("22 Nov 10:00 · model · 8 ms")};
        const auto back = askedFrom(keptBytes(asked));
        QVERIFY(back && back->answer.ok());
        QCOMPARE(back->line, asked.line);
        QCOMPARE(back->request.SerializeAsString(), asked.request.SerializeAsString());
        QCOMPARE(back->answer->output_data().text(), std::string("an answer"));
        const auto refused =
            askedFrom(keptBytes({requestOf("a"), mm::Error{mm::ErrorCode::ModelNotFound, "gone"}, {}}));
        QCOMPARE(refused->answer.error().message, std::string("gone"));
        response.mutable_output_data()->set_text(std::string(kLargestKept + 1, 'x'));
        const auto large = askedFrom(keptBytes({requestOf("a"), response, {}}));
        QVERIFY(large && !large->answer.ok()); // its question is kept, and that its answer was not
        QVERIFY(keptBytes({requestOf(std::string(kLargestKept + 1, 'x')), response, {}}).isEmpty());
        QVERIFY(!askedFrom("something else") && !askedFrom({}));
    }

    void badJsonIsExplained() {
        QVERIFY(requestFromJson(QStringLiteral("{\"input_data\": {\"text\": \"a\"}}")).ok());
        const auto wrong = requestFromJson(QStringLiteral("{\"imput\": 1}"));
        QVERIFY(!wrong.ok());
        QVERIFY2(wrong.error().message.find("imput") != std::string::npos, wrong.error().message.c_str());
    }

    void whatEndedBadlyMayBeTriedAgainInItsTime() {
        v1::JobStatusResponse job;
        job.set_status(v1::JOB_STATUS_FAILED);
        job.mutable_expires_at()->set_seconds(10);
        QVERIFY(mayTryAgain(job, 9'999));
        QVERIFY(!mayTryAgain(job, 10'000));
        job.set_status(v1::JOB_STATUS_CANCELLED);
        QVERIFY(mayTryAgain(job, 0));
        for (const auto status : {v1::JOB_STATUS_QUEUED, v1::JOB_STATUS_PROCESSING, v1::JOB_STATUS_COMPLETED}) {
            job.set_status(status);
            QVERIFY(!mayTryAgain(job, 0));
        }
    }

    void jobsTellHowFarTheyAre() {
        v1::JobStatusResponse job;
        job.set_job_id("one");
        job.set_status(v1::JOB_STATUS_PROCESSING);
        job.set_inputs_done(100);
        job.set_inputs_total(1'100);
        JobRates rates;
        rates.add(0, {job});
        QVERIFY(rates.perSecond("one") < 0);
        job.set_inputs_done(200);
        rates.add(2'000, {job});
        QCOMPARE(rates.perSecond("one"), 50.0);
        QCOMPARE(rates.leftMs(job), 18'000.0);
        QCOMPARE(doneText(job), QStringLiteral("200 of 1,100"));
        QCOMPARE(jobsSummary({job}), QStringLiteral("1 running or waiting"));
        job.set_status(v1::JOB_STATUS_FAILED);
        job.mutable_error()->set_message("not an image");
        QCOMPARE(jobStateText(job), QStringLiteral("not an image"));
        rates.add(3'000, {job});
        QVERIFY(rates.leftMs(job) < 0);
    }
};

QTEST_MAIN(TestPlaygroundTexts)
#include "test_playground_texts.moc"
