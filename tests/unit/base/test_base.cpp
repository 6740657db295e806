#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"

#include <QTest>

#include <set>

using namespace mm;

class TestBase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyErrorCodeHasANameOfItsOwn();
    void errorsPassThroughTry();
    void timesAreWrittenInUtcWithMilliseconds();
    void idsAreUuidsAndDiffer();
};

void TestBase::everyErrorCodeHasANameOfItsOwn() {
    std::set<std::string_view> names;
    int named = 0;
    for (int value = 100; value < 600; ++value) {
        const auto code = static_cast<ErrorCode>(value);
        const std::string_view name = errorName(code);
        if (name == "INTERNAL_ERROR" && code != ErrorCode::InternalError)
            continue;
        ++named;
        names.insert(name);
        QVERIFY(errorCodeFromName(name) == code);
    }
    QCOMPARE(names.size(), static_cast<std::size_t>(named));
    QVERIFY(errorCodeFromName("NOTHING_LIKE_IT") == ErrorCode::InternalError);
}

void TestBase::errorsPassThroughTry() {
    const auto half = [](int number) -> Result<int> {
        if (number % 2 != 0)
            return invalidField("number", "is odd");
        return number / 2;
    };
    const auto quarter = [&](int number) -> Result<int> {
        MM_TRY(const int first, half(number));
        MM_TRY(const int second, half(first));
        return second;
    };
    QCOMPARE(quarter(12).value(), 3);
    const auto refused = quarter(6);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().message, std::string("number: is odd"));
    QCOMPARE(refused.error().fieldErrors.front().field, std::string("number"));
}

void TestBase::timesAreWrittenInUtcWithMilliseconds() {
    const WallTime epoch{};
    QCOMPARE(toIso8601(epoch + std::chrono::milliseconds(1'764'844'200'123)), std::string("2025-12-04T10:30:00.123Z"));
    QCOMPARE(toIso8601(epoch - std::chrono::milliseconds(1)), std::string("1969-12-31T23:59:59.999Z"));
}

void TestBase::idsAreUuidsAndDiffer() {
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) {
        ids.insert(newUuid());
        QVERIFY(isUuid(*ids.begin()));
    }
    QCOMPARE(ids.size(), std::size_t(1000));
    QVERIFY(!isUuid("not-a-uuid"));
    QVERIFY(!isUuid("123e4567-e89b-12d3-a456-42661417400g"));
}

QTEST_APPLESS_MAIN(TestBase)
#include "test_base.moc"
