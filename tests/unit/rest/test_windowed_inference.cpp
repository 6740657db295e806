#include "engine/inference/metadata_sum.h"
#include "engine/rest/windows/input_windows.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <atomic>

using namespace mm;
using namespace mm::test;

namespace {

using Response = service::InferenceService::Response;

// A body with texts of 1, 2, … and then again from 1 characters, so that each vector says which text it is of.
std::string bodyOf(int texts, const std::string& around = {}) {
    nlohmann::json body{{"model", "org/repo"}};
    for (int i = 0; i < texts; ++i)
        body["input"].push_back(std::string(static_cast<std::size_t>(i % 97) + 1, 'x'));
    if (!around.empty())
        body["encoding_format"] = around;
    return body.dump();
}

bool rowsAreInOrder(const nlohmann::json& data, int count) {
    if (static_cast<int>(data.size()) != count)
        return false;
    for (int i = 0; i < count; ++i)
        if (data[static_cast<std::size_t>(i)].at("index") != i ||
            data[static_cast<std::size_t>(i)].at("embedding")[0] != i % 97 + 1)
            return false;
    return true;
}

std::shared_ptr<v1::InferenceResponse> wide(const v1::InferenceRequest& request, int dimension) {
    auto response = std::make_shared<v1::InferenceResponse>(embeddingFor(request, dimension));
    response->mutable_metadata()->set_input_tokens(request.input_data().text_batch().texts_size());
    return response;
}

} // namespace

class TestWindowedInference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyInputIsInOneWindow();
    void aWindowIsTheRequestWithFewerInputs();
    void timesAddUpToTheTotal();
    void manyInputsGoInWindowsAndComeBackAsOne();
    void answersThatOvertakeEachOtherKeepTheirOrder();
    void aLargeAnswerLeavesInPieces();
    void anErrorOfALaterWindowHasItsStatus();
    void aFullQueueIsWaitedFor();
    void noMoreIsAskedForThanTheClientReads();
    void scoresOfAllWindowsAreRankedTogether();
};

void TestWindowedInference::everyInputIsInOneWindow() {
    v1::InputData input;
    for (int i = 0; i < 1300; ++i)
        input.mutable_text_batch()->add_texts("text");
    input.mutable_text_batch()->add_texts(std::string(3U << 20, 'x')); // over the bound by itself
    input.mutable_text_batch()->add_texts("last");
    const auto windows = rest::windowsOf(input);
    std::vector<std::pair<int, int>> found;
    for (const auto& window : windows)
        found.emplace_back(window.begin, window.count);
    const std::vector<std::pair<int, int>> wanted{{0, 512}, {512, 512}, {1024, 276}, {1300, 1}, {1301, 1}};
    QVERIFY(found == wanted);
    input.set_text("one");
    QCOMPARE(rest::windowsOf(input).size(), std::size_t{1});
}

void TestWindowedInference::aWindowIsTheRequestWithFewerInputs() {
    v1::InferenceRequest request;
    request.set_model_id("org/repo");
    request.set_timeout_seconds(7);
    (*request.mutable_parameters()->mutable_fields())["dimensions"].set_number_value(8);
    auto& query = *request.mutable_input_data()->mutable_query_documents();
    query.set_query("q");
    for (const char* text : {"a", "b", "c", "d"})
        query.add_documents(text);
    const std::string before = request.SerializeAsString();
    const auto cut = rest::cutWindow(request, {1, 2});
    QVERIFY(request.SerializeAsString() == before);
    QCOMPARE(cut->timeout_seconds(), 7);
    QCOMPARE(cut->parameters().fields().at("dimensions").number_value(), 8.0);
    QCOMPARE(cut->input_data().query_documents().query(), std::string("q"));
    QCOMPARE(cut->input_data().query_documents().documents_size(), 2);
    QCOMPARE(cut->input_data().query_documents().documents(0), std::string("b"));
}

void TestWindowedInference::timesAddUpToTheTotal() {
    v1::InferenceMetadata sum;
    sum.set_queue_ms(10);
    sum.set_load_ms(20);
    sum.set_send_ms(5);
    for (int i = 0; i < 2; ++i) {
        v1::InferenceMetadata window;
        window.set_tokenize_ms(15);
        window.set_compute_ms(60);
        window.set_input_tokens(100);
        window.set_batch_size(30 + i);
        inference::addMetadata(window, sum);
    }
    inference::fitTimes(110, sum); // windows overlap: 150 ms of work in 75
    QCOMPARE(sum.input_tokens(), 200);
    QCOMPARE(sum.batch_size(), 31);
    QCOMPARE(sum.tokenize_ms() + sum.compute_ms(), 75.0);
    QCOMPARE(sum.inference_time_ms(), 75.0);
    QCOMPARE(sum.total_time_ms(), 110.0);
    QCOMPARE(sum.batch_wait_ms(), 0.0);
}

void TestWindowedInference::manyInputsGoInWindowsAndComeBackAsOne() {
    RestFixture rest;
    std::atomic<int> most = 0;
    std::atomic<int> calls = 0;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<Response> reply) {
        ++calls;
        most = std::max(most.load(), request->input_data().text_batch().texts_size());
        reply(Response(wide(*request, 4)));
    };
    const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", bodyOf(2000));
    QCOMPARE(answer.status, 200);
    const auto body = nlohmann::json::parse(answer.body);
    QVERIFY(rowsAreInOrder(body.at("data"), 2000));
    QVERIFY(body.at("usage").at("prompt_tokens") == 2000);
    QCOMPARE(calls.load(), 4);
    QCOMPARE(most.load(), 512);
}

void TestWindowedInference::answersThatOvertakeEachOtherKeepTheirOrder() {
    RestFixture rest;
    std::vector<std::function<void()>> held; // on the engine's thread
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<Response> reply) {
        held.emplace_back([request, reply] { reply(Response(wide(*request, 4))); });
        if (held.size() < 2)
            return;
        for (; !held.empty(); held.pop_back()) // the last first
            held.back()();
    };
    const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", bodyOf(1024));
    QVERIFY(rowsAreInOrder(nlohmann::json::parse(answer.body).at("data"), 1024));
}

void TestWindowedInference::aLargeAnswerLeavesInPieces() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                              Reply<Response> reply) { reply(Response(wide(*request, 1024))); };
    for (const int texts : {500, 3000}) { // one window, and several
        RestClient client = rest.client();
        const HttpAnswer head =
            client.request("POST", "/v1/embeddings", bodyOf(texts), {}, true).value_or(HttpAnswer());
        QCOMPARE(head.status, 200);
        QCOMPARE(head.headers.at("transfer-encoding"), std::string("chunked"));
        std::string body;
        std::optional<std::string> chunk = client.chunk();
        for (; chunk && !chunk->empty(); chunk = client.chunk())
            body += *chunk;
        QVERIFY(chunk.has_value());
        const auto parsed = nlohmann::json::parse(body);
        QVERIFY(rowsAreInOrder(parsed.at("data"), texts));
        QVERIFY(parsed.at("usage").at("total_tokens") == texts);
        QVERIFY(parsed.at("model") == std::string("org/repo"));
        QCOMPARE(client.request("GET", "/health/live").value_or(HttpAnswer()).status, 200);
    }
}

void TestWindowedInference::anErrorOfALaterWindowHasItsStatus() {
    RestFixture rest;
    int calls = 0;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<Response> reply) {
        if (++calls == 3)
            return reply(Error{ErrorCode::InsufficientMemory, "no room for this"});
        reply(Response(wide(*request, 1024)));
    };
    const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", bodyOf(3000));
    QCOMPARE(answer.status, 507);
    QCOMPARE(at(answer, "/error/message"), std::string("no room for this"));
}

void TestWindowedInference::aFullQueueIsWaitedFor() {
    RestFixture rest;
    int calls = 0;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<Response> reply) {
        if (++calls == 2)
            return reply(Error{ErrorCode::QueueFull, "come back later"});
        reply(Response(wide(*request, 4)));
    };
    const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", bodyOf(1500));
    QCOMPARE(answer.status, 200);
    QVERIFY(rowsAreInOrder(nlohmann::json::parse(answer.body).at("data"), 1500));
    calls = 1; // and the first window of the next is refused as any request is
    QCOMPARE(rest.ask("POST", "/v1/embeddings", bodyOf(1500)).status, 429);
}

void TestWindowedInference::noMoreIsAskedForThanTheClientReads() {
    RestFixture rest;
    std::atomic<int> calls = 0;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<Response> reply) {
        ++calls;
        reply(Response(wide(*request, 8192))); // 16 MB a window
    };
    RestClient client = rest.client();
    const HttpAnswer head = client.request("POST", "/v1/embeddings", bodyOf(512 * 40), {}, true).value_or(HttpAnswer());
    QCOMPARE(head.status, 200);
    QVERIFY(client.chunk().has_value());
    QVERIFY2(calls < 8, "windows were computed that nobody reads");
    client.leave();
    QTRY_VERIFY(!rest.fakes().cancelled().empty());
    QVERIFY(calls < 8);
}

void TestWindowedInference::scoresOfAllWindowsAreRankedTogether() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                              Reply<Response> reply) {
        auto response = std::make_shared<v1::InferenceResponse>();
        response->set_model_id(request->model_id());
        for (const std::string& text : request->input_data().query_documents().documents())
            response->mutable_output_data()->mutable_scores()->add_values(std::stof(text));
        reply(Response(response));
    };
    nlohmann::json body{{"model", "org/repo"}, {"query", "q"}, {"top_n", 3}};
    for (int i = 0; i < 1200; ++i)
        body["documents"].push_back(std::to_string((i * 7) % 1200));
    const HttpAnswer answer = rest.ask("POST", "/v2/rerank", body.dump());
    QCOMPARE(answer.status, 200);
    const auto results = nlohmann::json::parse(answer.body).at("results");
    QCOMPARE(results.size(), std::size_t{3});
    for (int i = 0; i < 3; ++i)
        QVERIFY(results[static_cast<std::size_t>(i)].at("relevance_score") == 1199 - i);
}

QTEST_GUILESS_MAIN(TestWindowedInference)
#include "test_windowed_inference.moc"
