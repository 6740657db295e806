// When a model that failed may be tried again, and what a request for it is told until then.
#include "engine/lifecycle/policy/retry_policy.h"
#include "engine/lifecycle/worker/load_stamp.h"
#include "tests/support/manual_clock.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace std::chrono_literals;
using namespace mm::lifecycle;
using mm::Error;
using mm::ErrorCode;

namespace {

void write(const QTemporaryDir& dir, const char* name, const std::string& text) {
    std::ofstream(dir.filePath(QString::fromUtf8(name)).toStdString()) << text;
}

} // namespace

class TestRetryPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pausesDoubleUntilTheModelIsGivenUp();
    void failuresFarApartAreNotInARow();
    void clearingUnblocks();
    void whatTryingAgainCannotMendIsLasting_data();
    void whatTryingAgainCannotMendIsLasting();
    void aLastingFailureBlocksUntilTheModelIsAnotherOne();
    void aPassingFailureDoesNotCareForChanges();
    void aRefusalGivesTheReasonAndWhenItIsTriedAgain();
    void theStampChangesWithConfigurationAndFiles();

private:
    mm::test::ManualClock m_clock;
    RetryOptions m_options{3, 1s, 60s, 10, 600s, 60s};
};

void TestRetryPolicy::pausesDoubleUntilTheModelIsGivenUp() {
    FailureHistory history(m_options);
    const std::vector<std::chrono::seconds> pauses{0s, 0s, 1s, 2s, 4s, 8s, 16s, 32s, 60s, 600s, 600s};
    for (const auto pause : pauses) {
        history.record(m_clock.now());
        const auto until = history.blockedUntil(m_clock.now());
        QCOMPARE(until.has_value(), pause > 0s);
        QVERIFY(!until || *until == m_clock.now() + pause);
        QCOMPARE(history.isGivenUp(), pause == 600s);
        m_clock.advance(pause);
        QVERIFY(!history.blockedUntil(m_clock.now()));
    }
    QCOMPARE(history.recent(), 11);
}

void TestRetryPolicy::failuresFarApartAreNotInARow() {
    FailureHistory history(m_options);
    for (int i = 0; i < 20; ++i) {
        history.record(m_clock.now());
        QVERIFY(!history.blockedUntil(m_clock.now()));
        m_clock.advance(61s);
    }
    QCOMPARE(history.recent(), 1);
}

void TestRetryPolicy::clearingUnblocks() {
    FailureHistory history(m_options);
    for (int i = 0; i < 3; ++i)
        history.record(m_clock.now());
    history.clear();
    QVERIFY(!history.blockedUntil(m_clock.now()));
    history.record(m_clock.now(), FailureClass::Lasting, "a");
    history.clear();
    QVERIFY(!history.blockedUntil(m_clock.now()));
}

void TestRetryPolicy::whatTryingAgainCannotMendIsLasting_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("lasting");
    const auto row = [](ErrorCode code, bool lasting) {
        QTest::newRow(std::string(errorName(code)).c_str()) << static_cast<int>(code) << lasting;
    };
    for (const ErrorCode code :
         {ErrorCode::InvalidModelFiles, ErrorCode::UnsupportedModel, ErrorCode::InvalidConfiguration,
          ErrorCode::DeviceUnavailable, ErrorCode::ChecksumMismatch, ErrorCode::SourceNotFound})
        row(code, true);
    for (const ErrorCode code : {ErrorCode::WorkerCrashed, ErrorCode::ModelLoadFailed, ErrorCode::WorkerMisbehaved,
                                 ErrorCode::ProcessSpawnFailed, ErrorCode::InsufficientMemory})
        row(code, false);
}

void TestRetryPolicy::whatTryingAgainCannotMendIsLasting() {
    QFETCH(const int, code);
    QFETCH(const bool, lasting);
    QCOMPARE(failureClass(static_cast<ErrorCode>(code)) == FailureClass::Lasting, lasting);
}

void TestRetryPolicy::aLastingFailureBlocksUntilTheModelIsAnotherOne() {
    FailureHistory history(m_options);
    history.record(m_clock.now(), FailureClass::Lasting, "these files");
    m_clock.advance(24h);
    history.observe("these files");
    QVERIFY(history.blockedUntil(m_clock.now()) == mm::Instant::max());
    history.observe("other files");
    QVERIFY(!history.blockedUntil(m_clock.now()));
}

void TestRetryPolicy::aPassingFailureDoesNotCareForChanges() {
    FailureHistory history(m_options);
    for (int i = 0; i < 3; ++i)
        history.record(m_clock.now(), FailureClass::Passing, "these files");
    history.observe("other files");
    QVERIFY(history.blockedUntil(m_clock.now()).has_value());
}

void TestRetryPolicy::aRefusalGivesTheReasonAndWhenItIsTriedAgain() {
    const Error damaged{ErrorCode::InvalidModelFiles, "the tensor w is cut short", {{"tensor", std::string("w")}}};
    FailureHistory history(m_options);
    history.record(m_clock.now(), FailureClass::Lasting, "a");
    const Error lasting = refusal("org/m@1", history, damaged, m_clock.now());
    QVERIFY(lasting.code == ErrorCode::InvalidModelFiles);
    QVERIFY(lasting.facts == damaged.facts);
    QVERIFY(lasting.message.starts_with("the tensor w is cut short. The model org/m@1 is tried again when"));
    history.clear();
    for (int i = 0; i < 5; ++i)
        history.record(m_clock.now());
    const Error passing = refusal("org/m@1", history, {ErrorCode::WorkerCrashed, "it died"}, m_clock.now());
    QVERIFY(passing.code == ErrorCode::UnhealthyModel);
    QCOMPARE(std::get<std::int64_t>(passing.facts.at("retry_after_seconds")), std::int64_t(4));
    QCOMPARE(std::get<std::int64_t>(passing.facts.at("failures")), std::int64_t(5));
    QVERIFY(passing.message.find("the last time: it died") != std::string::npos);
}

void TestRetryPolicy::theStampChangesWithConfigurationAndFiles() {
    const QTemporaryDir dir;
    write(dir, "config.json", "{}");
    LoadSpec spec;
    spec.path = dir.path().toStdString();
    const std::string first = loadStamp(spec);
    QCOMPARE(loadStamp(spec), first);
    (*spec.config.mutable_fields())["dtype"].set_string_value("fp32");
    const std::string configured = loadStamp(spec);
    QVERIFY(configured != first);
    write(dir, "config.json", "{ }");
    const std::string edited = loadStamp(spec);
    QVERIFY(edited != configured);
    write(dir, "model.safetensors", "x");
    QVERIFY(loadStamp(spec) != edited);
    spec.path += "/gone";
    QCOMPARE(loadStamp(spec), loadStamp(spec));
}

QTEST_APPLESS_MAIN(TestRetryPolicy)
#include "test_retry_policy.moc"
