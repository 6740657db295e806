#include "engine/grpc/status_mapping.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include <QtTest>

class TestStatusMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasAStatusThatIsNotSuccess() {
        for (int number = 0; number < 1000; ++number) {
            const auto code = static_cast<mm::ErrorCode>(number);
            QVERIFY(mm::grpc_face::toStatusCode(code) != grpc::StatusCode::OK);
            // Codes that have a name of their own are mapped on purpose, not by falling through.
            if (mm::errorName(code) == "INTERNAL_ERROR" && code != mm::ErrorCode::InternalError)
                QCOMPARE(mm::grpc_face::toStatusCode(code), grpc::StatusCode::INTERNAL);
        }
        QCOMPARE(mm::grpc_face::toStatusCode(mm::ErrorCode::ModelNotFound), grpc::StatusCode::NOT_FOUND);
        QCOMPARE(mm::grpc_face::toStatusCode(mm::ErrorCode::InferenceTimeout), grpc::StatusCode::DEADLINE_EXCEEDED);
    }

    void anErrorThatFitsIsSentWhole() {
        const mm::Error error{mm::ErrorCode::ModelLoadFailed,
                              "It failed.",
                              {{"stage", std::string("weights")}, {"bytes", std::int64_t{42}}},
                              {{"config.dtype", "unknown"}}};
        const auto sent = mm::grpc_face::toTrailerError(error);
        QCOMPARE(sent.details().at("bytes"), std::string("42"));
        QCOMPARE(sent.facts().fields().at("stage").string_value(), std::string("weights"));
        QCOMPARE(sent.validation_errors(0).field(), std::string("config.dtype"));
        QVERIFY(!sent.facts().fields().contains("shortened"));
    }

    void aLongErrorIsShortenedToFitATrailerAndKeepsTheLastLines() {
        std::vector<std::string> lines;
        for (int i = 0; i < 200; ++i)
            lines.push_back("line " + std::to_string(i) + std::string(80, '.'));
        const std::string umlauts = [] {
            std::string text;
            for (int i = 0; i < 3000; ++i)
                text += "\xc3\xa4";
            return text;
        }();
        const mm::Error error{mm::ErrorCode::WorkerCrashed,
                              umlauts,
                              {{"last_lines", lines}, {"signal", std::string("SIGSEGV")}, {"path", umlauts}}};
        const auto sent = mm::grpc_face::toTrailerError(error);
        QVERIFY(sent.ByteSizeLong() <= 1600);
        QCOMPARE(sent.facts().fields().at("signal").string_value(), std::string("SIGSEGV"));
        QVERIFY(sent.facts().fields().at("shortened").bool_value());
        const auto& kept = sent.facts().fields().at("last_lines").list_value().values();
        QVERIFY(!kept.empty());
        QCOMPARE(kept.rbegin()->string_value(), lines.back());
        // Cut between characters, not within one.
        QCOMPARE(QString::fromStdString(sent.message()).toStdString(), sent.message());
    }

    // Clients take 8 KiB of trailers and no more: of a call whose trailers are larger they see no error at all.
    void theLargestErrorFitsIntoTheTrailers() {
        mm::Error error{mm::ErrorCode::QueueFull, std::string(5000, '%')};
        for (int i = 0; i < 100; ++i) {
            error.facts["fact " + std::to_string(i)] = std::string(100, 'f');
            error.fieldErrors.push_back({std::string(100, 'n'), std::string(1000, 'm')});
        }
        grpc::CallbackServerContext context;
        const grpc::Status status = mm::grpc_face::toStatus(error, context, std::string(128, 'i'));
        const auto inBase64 = [](std::size_t bytes) { return (bytes + 2) / 3 * 4; };
        const std::size_t sentence = status.error_message().size() * 3; // each byte may be percent-encoded
        const std::size_t all = inBase64(status.error_details().size()) + std::min<std::size_t>(sentence, 800) +
                                inBase64(mm::grpc_face::toTrailerError(error).ByteSizeLong()) + 300;
        QVERIFY2(all < 8192, std::to_string(all).c_str());
    }

    void theStandardDetailsSayWhatIsWrongAndWhenToComeBack() {
        const mm::Error error{mm::ErrorCode::QueueFull,
                              "full",
                              {{"retry_after_seconds", std::int64_t{7}}, {"limit", std::int64_t{3}}},
                              {{"a.b", "is wrong"}}};
        grpc::CallbackServerContext context;
        google::rpc::Status status;
        QVERIFY(status.ParseFromString(mm::grpc_face::toStatus(error, context, "my-id").error_details()));
        QCOMPARE(status.code(), static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
        const auto info = find<google::rpc::ErrorInfo>(status);
        QCOMPARE(info.reason(), std::string("QUEUE_FULL"));
        QCOMPARE(info.metadata().at("limit"), std::string("3"));
        QCOMPARE(find<google::rpc::RetryInfo>(status).retry_delay().seconds(), std::int64_t{7});
        QCOMPARE(find<google::rpc::BadRequest>(status).field_violations(0).field(), std::string("a.b"));
        QCOMPARE(find<google::rpc::RequestInfo>(status).request_id(), std::string("my-id"));
        QCOMPARE(find<modelmora::v1::Error>(status).code(), std::string("QUEUE_FULL"));
    }

private:
    template <typename Detail>
    static Detail find(const google::rpc::Status& status) {
        Detail detail;
        for (const auto& packed : status.details())
            if (packed.UnpackTo(&detail))
                break;
        return detail;
    }
};

QTEST_GUILESS_MAIN(TestStatusMapping)
#include "test_status_mapping.moc"
