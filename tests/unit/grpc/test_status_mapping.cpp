#include "engine/grpc/status_mapping.h"

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
        QVERIFY(sent.ByteSizeLong() <= 1900);
        QCOMPARE(sent.facts().fields().at("signal").string_value(), std::string("SIGSEGV"));
        QVERIFY(sent.facts().fields().at("shortened").bool_value());
        const auto& kept = sent.facts().fields().at("last_lines").list_value().values();
        QVERIFY(!kept.empty());
        QCOMPARE(kept.rbegin()->string_value(), lines.back());
        // Cut between characters, not within one.
        QCOMPARE(QString::fromStdString(sent.message()).toStdString(), sent.message());
    }
};

QTEST_GUILESS_MAIN(TestStatusMapping)
#include "test_status_mapping.moc"
