#include "engine/ipc/names.h"
#include "engine/lifecycle/model_state.h"

#include <QTest>

using namespace modelmora::v1;
using mm::lifecycle::checkTransition;
using mm::lifecycle::isLegal;

class TestModelState : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void exactlyTheseTransitionsAreLegal();
    void aLoadMustCompleteOrFail();
    void anIllegalTransitionNamesBothStates();
};

void TestModelState::exactlyTheseTransitionsAreLegal() {
    QStringList legal;
    for (int from = MODEL_STATE_UNSPECIFIED; from <= MODEL_STATE_DRAINING; ++from)
        for (int to = MODEL_STATE_UNSPECIFIED; to <= MODEL_STATE_DRAINING; ++to)
            if (isLegal(ModelState(from), ModelState(to)))
                legal << QString::fromStdString(std::string(mm::stateName(ModelState(from))) + ">" +
                                                std::string(mm::stateName(ModelState(to))));
    QCOMPARE(legal.join(QLatin1Char(' ')),
             QStringLiteral("unloaded>loading loading>loaded loading>unhealthy loaded>unhealthy loaded>draining "
                            "unhealthy>unloaded unhealthy>loading draining>unloaded"));
}

void TestModelState::aLoadMustCompleteOrFail() {
    QVERIFY(!isLegal(MODEL_STATE_LOADING, MODEL_STATE_UNLOADED));
}

void TestModelState::anIllegalTransitionNamesBothStates() {
    const auto refused = checkTransition(MODEL_STATE_LOADING, MODEL_STATE_UNLOADED);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, mm::ErrorCode::IllegalTransition);
    QCOMPARE(std::get<std::string>(refused.error().facts.at("from")), std::string("loading"));
    QCOMPARE(std::get<std::string>(refused.error().facts.at("to")), std::string("unloaded"));
}

QTEST_APPLESS_MAIN(TestModelState)
#include "test_model_state.moc"
