// The results of jobs as they are sent: joined of parts, whole or in ranges, in pieces where they are large.
#include "tests/unit/rest/rest_fixture.h"

#include <QCryptographicHash>
#include <QTest>

#include <nlohmann/json.hpp>

#include <atomic>

using namespace mm;
using namespace mm::test;

namespace {

const std::string kResult = "/api/v1/jobs/j/result";

v1::OutputData rows(int first, int count, int dimension) {
    v1::OutputData output;
    for (int i = 0; i < count; ++i) {
        v1::Embedding& row = *output.mutable_embedding_batch()->add_embeddings();
        for (int j = 0; j < dimension; ++j)
            row.add_values(static_cast<float>(first + i) + static_cast<float>(j) / 1024);
    }
    return output;
}

std::shared_ptr<const FakeJobResult> resultOf(int parts, int rowsEach, int dimension) {
    v1::InferenceResponse frame;
    frame.set_model_id("a\"},\"output_data\":{\"embeddings\":[[1"); // what looks like the frame is none
    frame.mutable_metadata()->set_request_id("j");
    std::vector<v1::OutputData> outputs;
    for (int i = 0; i < parts; ++i)
        outputs.push_back(rows(i * rowsEach, rowsEach, dimension));
    return std::make_shared<const FakeJobResult>(frame, outputs, std::to_string(parts));
}

void serve(FakeServices& fakes, const std::shared_ptr<const FakeJobResult>& result) {
    fakes.onOpenResult = [result](const v1::GetJobResultRequest&) -> Result<service::JobService::OpenResult> {
        return service::JobService::OpenResult(result);
    };
}

} // namespace

class TestJobResults : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void partsAreOneList_data();
    void partsAreOneList();
    void anyRangeIsThePartOfTheWhole();
    void aRangeBehindTheEndIsToldTheSize();
    void partsThatDoNotFitAreAnError();
    void aPartThatCannotBeReadBreaksOff();
};

void TestJobResults::partsAreOneList_data() {
    QTest::addColumn<int>("parts");
    QTest::addColumn<int>("rowsEach");
    QTest::newRow("one of one") << 1 << 1;
    QTest::newRow("one of many") << 1 << 50;
    QTest::newRow("several small") << 3 << 2;
    QTest::newRow("large") << 40 << 64;
}

void TestJobResults::partsAreOneList() {
    QFETCH(int, parts);
    QFETCH(int, rowsEach);
    RestFixture rest;
    serve(rest.fakes(), resultOf(parts, rowsEach, 100));
    for (int again = 0; again < 2; ++again) { // measured, and by the layout that was kept
        const HttpAnswer answer = rest.ask("GET", kResult);
        QCOMPARE(answer.status, 200);
        const auto body = nlohmann::json::parse(answer.body);
        const auto& list = body.at("output_data").at("embeddings");
        QCOMPARE(list.size(), static_cast<std::size_t>(parts * rowsEach));
        for (std::size_t i = 0; i < list.size(); ++i)
            QCOMPARE(list[i][0].get<double>(), static_cast<double>(i));
        QCOMPARE(body.at("metadata").at("request_id").get<std::string>(), std::string("j"));
        const QByteArray bytes(answer.body.data(), static_cast<qsizetype>(answer.body.size()));
        QCOMPARE(answer.headers.at("repr-digest"),
                 "sha-256=:" + QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toBase64().toStdString() +
                     ":");
    }
}

void TestJobResults::anyRangeIsThePartOfTheWhole() {
    RestFixture rest;
    serve(rest.fakes(), resultOf(40, 64, 100));
    const HttpAnswer whole = rest.ask("GET", kResult);
    const std::size_t size = whole.body.size();
    QVERIFY(size > 1U << 20);
    QCOMPARE(whole.headers.at("accept-ranges"), std::string("bytes"));
    for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, 0},
                                      {0, size - 1},
                                      {1, 70'000},
                                      {size / 2, size / 2 + 300'000},
                                      {size - 1, size - 1},
                                      {100, size + 100}}) {
        const HttpAnswer part = rest.ask("GET", kResult, {},
                                         "Range: bytes=" + std::to_string(first) + "-" + std::to_string(last) +
                                             "\r\nAccept-Encoding: gzip\r\n");
        QCOMPARE(part.status, 206);
        QVERIFY(part.body == whole.body.substr(first, last - first + 1));
        QCOMPARE(part.headers.at("content-range"), "bytes " + std::to_string(first) + "-" +
                                                       std::to_string(std::min(last, size - 1)) + "/" +
                                                       std::to_string(size));
    }
    const std::string etag = whole.headers.at("etag");
    QCOMPARE(rest.ask("GET", kResult, {}, "Range: bytes=0-1\r\nIf-Range: " + etag + "\r\n").status, 206);
    QCOMPARE(rest.ask("GET", kResult, {}, "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n").status, 200);
    QCOMPARE(rest.ask("GET", kResult, {}, "If-None-Match: " + etag + "\r\n").status, 304);
    const HttpAnswer head = rest.ask("HEAD", kResult);
    QCOMPARE(head.headers.at("content-length"), std::to_string(size));
}

void TestJobResults::aRangeBehindTheEndIsToldTheSize() {
    RestFixture rest;
    for (const int parts : {1, 40}) {
        serve(rest.fakes(), resultOf(parts, 64, 100));
        const HttpAnswer answer = rest.ask("GET", kResult, {}, "Range: bytes=999999999-\r\n");
        QCOMPARE(answer.status, 416);
        QVERIFY(answer.headers.at("content-range").starts_with("bytes */"));
        QCOMPARE(at(answer, "/error_code"), std::string("RANGE_NOT_SATISFIABLE"));
    }
}

void TestJobResults::partsThatDoNotFitAreAnError() {
    RestFixture rest;
    v1::OutputData text;
    text.set_text("a");
    serve(rest.fakes(), std::make_shared<const FakeJobResult>(v1::InferenceResponse(), std::vector{text, text}));
    QCOMPARE(rest.ask("GET", kResult).status, 500);
}

void TestJobResults::aPartThatCannotBeReadBreaksOff() {
    class Failing final : public service::JobResult {
    public:
        [[nodiscard]] std::size_t parts() const override { return 40; }
        [[nodiscard]] Result<v1::OutputData> part(std::size_t index) const override {
            if (isBroken && index == 30)
                return Error{ErrorCode::StorageDamaged, "damaged"};
            return rows(0, 64, 100);
        }
        [[nodiscard]] const v1::InferenceResponse& frame() const override { return m_frame; }
        [[nodiscard]] const std::string& sha256() const override { return m_sha256; }
        std::atomic<bool> isBroken = true;

    private:
        v1::InferenceResponse m_frame;
        std::string m_sha256 = "f";
    };
    const auto result = std::make_shared<Failing>();
    RestFixture rest;
    rest.fakes().onOpenResult = [result](const v1::GetJobResultRequest&) -> Result<service::JobService::OpenResult> {
        return service::JobService::OpenResult(result);
    };
    QCOMPARE(rest.ask("GET", kResult).status, 500); // before anything was sent
    result->isBroken = false;
    QCOMPARE(rest.ask("GET", kResult).status, 200); // its layout is kept now
    result->isBroken = true;
    RestClient client = rest.client();
    QVERIFY(!client.request("GET", kResult)); // the answer ends too early, and the connection with it
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
}

QTEST_GUILESS_MAIN(TestJobResults)
#include "test_job_results.moc"
