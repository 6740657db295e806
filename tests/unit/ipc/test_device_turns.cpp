// Whose step runs: order, hand-over, and what becomes of holders that stay too long or die.
#include "engine/ipc/device_turns.h"

#include <QTest>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace mm::ipc;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kNever{1h};
constexpr TurnTime kLimit{1s};

std::unique_ptr<TurnTable> tableOf(std::size_t processes) {
    auto table = std::make_unique<TurnTable>();
    for (std::size_t i = 0; i < processes; ++i)
        table->slots[i].pid = static_cast<std::uint32_t>(::getpid());
    return table;
}

// Another process that does the deed with a turn of its own and then stays until it is killed.
pid_t otherProcess(const DeviceTurns& turns, const std::function<void(DeviceTurn&)>& deed) {
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0)
        return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        auto opened = DeviceTurns::open(turns.fd());
        auto turn = opened.ok() ? opened->join("cpu", kNever) : nullptr;
        if (turn)
            deed(*turn);
        (void)!::write(ready[1], "x", 1);
        for (;;)
            ::pause();
    }
    char byte = 0;
    (void)!::read(ready[0], &byte, 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
}

void end(pid_t process) {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
}

void take(DeviceTurn& turn, int priority) {
    while (!turn.take(priority)) {
    }
}

} // namespace

class TestDeviceTurns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theHighestPriorityGoesFirstThenWhoCameFirst();
    void aPlaceIsKeptWhenThePriorityChanges();
    void aTurnIsHandedOnOnlyWhenItIsOver();
    void theDeadArePassedOver();
    void neverTwoAtOnce();
    void aPokeBringsAWaiterBack();
    void aTurnHeldTooLongIsTakenOver();
    void theEngineHandsOnTheTurnOfADeadProcess();
    void withoutTheEngineADeadHolderCostsNoMoreThanTheLimit();
    void aLockOfADeadProcessIsTakenOver();
    void aLockThatIsNeverGivenBackCostsTheTurnsAndNotTheWork();
    void devicesAreApart();
    void memoryThatCanShrinkIsRefused();
    void aFullTableGivesNothing();
};

void TestDeviceTurns::theHighestPriorityGoesFirstThenWhoCameFirst() {
    const auto table = tableOf(5);
    std::size_t slot = 0;
    for (const int priority : {2, 1, 4, 2, 4})
        enqueue(*table, slot++, priority);
    std::vector<std::size_t> order;
    while (const auto next = handOn(*table, TurnTime{1}, kLimit)) {
        QVERIFY(holds(*table, *next));
        order.push_back(*next);
        retract(*table, *next);
    }
    QCOMPARE(order, (std::vector<std::size_t>{2, 4, 0, 3, 1}));
    QCOMPARE(table->waiting.load(), 0U);
}

void TestDeviceTurns::aPlaceIsKeptWhenThePriorityChanges() {
    const auto table = tableOf(2);
    enqueue(*table, 0, 1);
    enqueue(*table, 1, 2);
    enqueue(*table, 0, 2);
    QCOMPARE(handOn(*table, TurnTime{1}, kLimit).value(), std::size_t(0));
    QCOMPARE(table->waiting.load(), 1U);
}

void TestDeviceTurns::aTurnIsHandedOnOnlyWhenItIsOver() {
    const auto table = tableOf(2);
    enqueue(*table, 0, 1);
    QVERIFY(handOn(*table, TurnTime{5}, kLimit).has_value());
    enqueue(*table, 1, 4);
    QVERIFY(!handOn(*table, TurnTime{5} + kLimit - 1ns, kLimit));
    QCOMPARE(handOn(*table, TurnTime{5} + kLimit, kLimit).value(), std::size_t(1));
    // The one who stayed too long has nothing left to give back.
    retract(*table, 0);
    QVERIFY(holds(*table, 1));
}

void TestDeviceTurns::theDeadArePassedOver() {
    const auto table = tableOf(2);
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    table->slots[0].pid = static_cast<std::uint32_t>(child);
    enqueue(*table, 0, 4);
    enqueue(*table, 1, 1);
    QCOMPARE(handOn(*table, TurnTime{1}, kLimit).value(), std::size_t(1));
    QCOMPARE(table->slots[0].pid.load(), 0U);
}

void TestDeviceTurns::neverTwoAtOnce() {
    auto turns = DeviceTurns::create();
    constexpr int kRounds = 2'000;
    int inside = 0; // guarded by the turn alone
    int most = 0;
    int total = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, turn = std::shared_ptr<DeviceTurn>(turns->join("cpu", kNever)), i] {
            for (int round = 0; round < kRounds; ++round) {
                take(*turn, i % 2);
                most = std::max(most, ++inside);
                ++total;
                --inside;
                turn->giveBack();
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(most, 1);
    QCOMPARE(total, 4 * kRounds);
}

void TestDeviceTurns::aPokeBringsAWaiterBack() {
    auto turns = DeviceTurns::create();
    auto holder = turns->join("cpu", kNever);
    auto waiter = turns->join("cpu", kNever);
    take(*holder, 1);
    std::thread poker([&] { waiter->poke(); });
    QVERIFY(!waiter->take(4));
    poker.join();
    // It waits no more: another one gets the turn.
    waiter->giveBack();
    auto other = turns->join("cpu", kNever);
    std::thread next([&] { take(*other, 1); });
    holder->giveBack();
    next.join();
    other->giveBack();
}

void TestDeviceTurns::aTurnHeldTooLongIsTakenOver() {
    auto turns = DeviceTurns::create();
    auto slow = turns->join("cpu", 20ms);
    auto other = turns->join("cpu", 20ms);
    take(*slow, 4);
    take(*other, 1); // returns, though the other has not given it back
    slow->giveBack();
    auto third = turns->join("cpu", kNever);
    std::thread waiting([&] { take(*third, 4); });
    other->giveBack();
    waiting.join();
    third->giveBack();
}

void TestDeviceTurns::theEngineHandsOnTheTurnOfADeadProcess() {
    auto turns = DeviceTurns::create();
    const pid_t process = otherProcess(*turns, [](DeviceTurn& turn) { take(turn, 4); });
    auto mine = turns->join("cpu", kNever);
    std::thread waiting([&] { take(*mine, 1); });
    end(process);
    turns->forget(process);
    waiting.join();
    mine->giveBack();
}

void TestDeviceTurns::withoutTheEngineADeadHolderCostsNoMoreThanTheLimit() {
    auto turns = DeviceTurns::create();
    end(otherProcess(*turns, [](DeviceTurn& turn) { take(turn, 4); }));
    auto mine = turns->join("cpu", 20ms);
    take(*mine, 1);
    mine->giveBack();
}

void TestDeviceTurns::aLockOfADeadProcessIsTakenOver() {
    SharedWord word{0};
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    word = static_cast<std::uint32_t>(child);
    ::waitpid(child, nullptr, 0);
    const SharedLock lock(word, kNever);
    QVERIFY(static_cast<bool>(lock));
    QVERIFY(lock.tookOver());
}

void TestDeviceTurns::aLockThatIsNeverGivenBackCostsTheTurnsAndNotTheWork() {
    SharedWord word{static_cast<std::uint32_t>(::getppid())};
    const SharedLock lock(word, 1ms);
    QVERIFY(!lock);
    QCOMPARE(word.load(), static_cast<std::uint32_t>(::getppid()));
}

void TestDeviceTurns::devicesAreApart() {
    auto turns = DeviceTurns::create();
    auto cpu = turns->join("cpu", kNever);
    auto gpu = turns->join("cuda:0", kNever);
    take(*cpu, 1);
    take(*gpu, 1);
    cpu->giveBack();
    gpu->giveBack();
}

void TestDeviceTurns::memoryThatCanShrinkIsRefused() {
    auto turns = DeviceTurns::create();
    QVERIFY(DeviceTurns::open(turns->fd()).ok());
    const auto size = ::lseek(turns->fd(), 0, SEEK_END);
    const int loose = ::memfd_create("loose", MFD_CLOEXEC);
    QCOMPARE(::ftruncate(loose, size), 0);
    QCOMPARE(DeviceTurns::open(loose).error().code, mm::ErrorCode::InvalidConfiguration);
    ::close(loose);
    QVERIFY(!DeviceTurns::open(loose).ok());
}

void TestDeviceTurns::aFullTableGivesNothing() {
    auto turns = DeviceTurns::create();
    std::vector<std::unique_ptr<DeviceTurn>> all;
    for (std::size_t i = 0; i < TurnTable::kSlots; ++i)
        all.push_back(turns->join("cpu"));
    QVERIFY(all.back() != nullptr);
    QVERIFY(turns->join("cpu") == nullptr);
    all.pop_back();
    QVERIFY(turns->join("cpu") != nullptr);
}

QTEST_APPLESS_MAIN(TestDeviceTurns)
#include "test_device_turns.moc"
