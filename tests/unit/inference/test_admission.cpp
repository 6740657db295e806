#include "engine/inference/admission.h"
#include "engine/inference/input_kind.h"
#include "engine/ipc/frame.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;

class TestAdmission : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachTaskTakesItsOwnKindOfInput_data();
    void eachTaskTakesItsOwnKindOfInput();
    void noInputSaysWhatIsWanted();
    void anEmptyListIsNoInput();
    void aTimeoutOutOfRangeIsRefused();
    void aRequestOverTheFrameLimitIsRefusedWithItsNumbers();
    void overTheBoundsTheNumbersAreNamed();
};

void TestAdmission::eachTaskTakesItsOwnKindOfInput_data() {
    QTest::addColumn<int>("task");
    QTest::addColumn<QString>("accepted");
    QTest::newRow("txt2embed") << int(v1::TASK_TYPE_TXT2EMBED) << "text texts tokens";
    QTest::newRow("img2embed") << int(v1::TASK_TYPE_IMG2EMBED) << "image images";
    QTest::newRow("txt2img") << int(v1::TASK_TYPE_TXT2IMG) << "text texts";
    QTest::newRow("img2txt") << int(v1::TASK_TYPE_IMG2TXT) << "image images";
    QTest::newRow("txt2txt") << int(v1::TASK_TYPE_TXT2TXT) << "text texts tokens";
    QTest::newRow("img2mask") << int(v1::TASK_TYPE_IMG2MASK) << "image images";
    QTest::newRow("txt2class") << int(v1::TASK_TYPE_TXT2CLASS) << "text texts tokens pairs";
    QTest::newRow("img2class") << int(v1::TASK_TYPE_IMG2CLASS) << "image images";
    QTest::newRow("txtpair2score") << int(v1::TASK_TYPE_TXTPAIR2SCORE) << "documents pairs";
    QTest::newRow("tensor2tensor") << int(v1::TASK_TYPE_TENSOR2TENSOR) << "custom";
}

void TestAdmission::eachTaskTakesItsOwnKindOfInput() {
    QFETCH(const int, task);
    QFETCH(const QString, accepted);
    std::vector<std::pair<QString, v1::InputData>> inputs(8);
    inputs[0].first = QStringLiteral("text");
    inputs[0].second.set_text("");
    inputs[1].first = QStringLiteral("texts");
    inputs[1].second.mutable_text_batch()->add_texts("a");
    inputs[2].first = QStringLiteral("tokens");
    inputs[2].second.mutable_token_batch()->add_sequences()->add_ids(1);
    inputs[3].first = QStringLiteral("image");
    inputs[3].second.set_image("png");
    inputs[4].first = QStringLiteral("images");
    inputs[4].second.mutable_image_batch()->add_images("png");
    inputs[5].first = QStringLiteral("documents");
    inputs[5].second.mutable_query_documents()->add_documents("a");
    inputs[6].first = QStringLiteral("pairs");
    inputs[6].second.mutable_text_pairs()->add_pairs();
    inputs[7].first = QStringLiteral("custom");
    inputs[7].second.mutable_custom_data();
    QStringList taken;
    for (const auto& [name, input] : inputs) {
        const auto checked = checkInput({"org/m@1", "org/m", v1::TaskType(task)}, input);
        if (checked.ok())
            taken << name;
        else
            QCOMPARE(checked.error().code, ErrorCode::InvalidInput);
    }
    QCOMPARE(taken.join(QLatin1Char(' ')), accepted);
}

void TestAdmission::noInputSaysWhatIsWanted() {
    const auto checked = checkInput({"org/m@1", "org/m", v1::TASK_TYPE_IMG2EMBED}, {});
    QCOMPARE(checked.error().code, ErrorCode::ValidationError);
    QCOMPARE(checked.error().fieldErrors.at(0).field, std::string("input_data"));
    QVERIFY(checked.error().fieldErrors.at(0).message.find("image_batch") != std::string::npos);
}

void TestAdmission::anEmptyListIsNoInput() {
    v1::InputData input;
    input.mutable_text_batch();
    const auto checked = checkInput({"org/m@1", "org/m", v1::TASK_TYPE_TXT2EMBED}, input);
    QCOMPARE(checked.error().code, ErrorCode::ValidationError);
    QCOMPARE(checked.error().fieldErrors.at(0).field, std::string("input_data.text_batch"));
    v1::InputData query;
    query.mutable_query_documents()->set_query("a");
    const auto noDocuments = checkInput({"org/m@1", "org/m", v1::TASK_TYPE_TXTPAIR2SCORE}, query);
    QCOMPARE(noDocuments.error().fieldErrors.at(0).field, std::string("input_data.documents"));
}

void TestAdmission::aTimeoutOutOfRangeIsRefused() {
    QCOMPARE(checkTimeout(0, {}).value().count(), 60);
    QCOMPARE(checkTimeout(1, {}).value().count(), 1);
    QCOMPARE(checkTimeout(600, {}).value().count(), 600);
    for (const int seconds : {-1, 601, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()})
        QCOMPARE(checkTimeout(seconds, {}).error().fieldErrors.at(0).field, std::string("timeout_seconds"));
}

void TestAdmission::aRequestOverTheFrameLimitIsRefusedWithItsNumbers() {
    v1::InferenceRequest request;
    request.mutable_input_data()->set_text(std::string(ipc::kMaxFrameBytes, 'x'));
    QCOMPARE(checkSize(request).error().code, ErrorCode::PayloadTooLarge);
    QVERIFY(request.mutable_input_data()->mutable_text_batch() != nullptr);
    for (int i = 0; i < 2; ++i)
        request.mutable_input_data()->mutable_text_batch()->add_texts(std::string(ipc::kMaxFrameBytes / 2, 'x'));
    const auto refused = checkSize(request);
    QCOMPARE(refused.error().code, ErrorCode::BatchSizeExceeded);
    QCOMPARE(std::get<std::int64_t>(refused.error().facts.at("inputs")), std::int64_t(2));
    QVERIFY(std::get<std::int64_t>(refused.error().facts.at("bytes")) > std::int64_t(ipc::kMaxFrameBytes));
}

void TestAdmission::overTheBoundsTheNumbersAreNamed() {
    DispatcherOptions options;
    options.maxRequests = 10;
    options.maxRequestsPerModel = 4;
    options.maxBytes = 1000;
    const std::chrono::seconds half(7);
    QVERIFY(checkRoom({9, 3, 900, half}, 100, "org/m", options).ok());
    const auto all = checkRoom({10, 0, 0, half}, 1, "org/m", options);
    QCOMPARE(all.error().code, ErrorCode::QueueFull);
    QCOMPARE(std::get<std::int64_t>(all.error().facts.at("limit")), std::int64_t(10));
    const auto ofModel = checkRoom({5, 4, 0, std::chrono::seconds(0)}, 1, "org/m", options);
    QVERIFY(ofModel.error().message.find("org/m") != std::string::npos);
    QCOMPARE(std::get<std::int64_t>(ofModel.error().facts.at("retry_after_seconds")), std::int64_t(1));
    const auto bytes = checkRoom({1, 1, 901, half}, 100, "org/m", options);
    QCOMPARE(bytes.error().code, ErrorCode::QueueFull);
    QCOMPARE(std::get<std::int64_t>(bytes.error().facts.at("retry_after_seconds")), std::int64_t(7));
    QVERIFY(checkRoom({0, 0, 0, half}, 5000, "org/m", options).ok()); // alone
    const auto late = checkRoom({10, 0, 0, std::chrono::seconds(4000)}, 1, "org/m", options);
    QCOMPARE(std::get<std::int64_t>(late.error().facts.at("retry_after_seconds")), std::int64_t(60));
}

QTEST_APPLESS_MAIN(TestAdmission)
#include "test_admission.moc"
