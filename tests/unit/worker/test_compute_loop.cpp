// The warm-up as part of a load: under the device's turn like any step, and a failed one is a failed load.
#include "engine/ipc/device_turns.h"
#include "worker/runtime/failure.h"
#include "worker/session/compute_loop.h"

#include <QtTest>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace mm;
using namespace mm::worker;
using modelmora::worker::v1::WorkerFrame;

namespace {

constexpr std::chrono::milliseconds kNever = std::chrono::hours{1};

// Somebody else who wants the device.
class Rival {
public:
    explicit Rival(ipc::DeviceTurns& turns) : m_turn(turns.join("cpu", kNever)) {}
    ~Rival() {
        if (m_thread.joinable())
            m_thread.join();
    }
    Rival(const Rival&) = delete;
    Rival& operator=(const Rival&) = delete;

    // Returns once it has the turn or sleeps because another has it; says whether it has it.
    bool want() {
        m_thread = std::thread([this] {
            m_id = ::gettid();
            while (!m_turn->take(modelmora::v1::PRIORITY_CRITICAL)) {
            }
            m_got = true;
            m_turn->giveBack();
        });
        while (!m_got && !sleeps())
            std::this_thread::yield();
        return m_got;
    }
    bool gotItInTheEnd() {
        m_thread.join();
        return m_got;
    }

private:
    [[nodiscard]] bool sleeps() const {
        std::string stat;
        if (m_id == 0 || !std::getline(std::ifstream("/proc/self/task/" + std::to_string(m_id) + "/stat"), stat))
            return false;
        return stat.substr(stat.rfind(')') + 2, 1) == "S";
    }

    std::unique_ptr<ipc::DeviceTurn> m_turn;
    std::atomic<pid_t> m_id{0};
    std::atomic<bool> m_got{false};
    std::thread m_thread;
};

// Has two steps of warm-up to do; each does what the test says.
class WarmingModel final : public Model {
public:
    explicit WarmingModel(std::function<void()> deed) : m_deed(std::move(deed)) {}

    std::unique_ptr<Preparation> prepare(std::uint64_t, modelmora::v1::InferenceRequest) override { return nullptr; }
    void admit(std::unique_ptr<Preparation>) override {}
    bool cancel(std::uint64_t) override { return false; }
    void step(std::vector<Output>&) override {
        --m_left;
        m_deed();
    }
    [[nodiscard]] bool idle() const override { return m_left == 0; }
    [[nodiscard]] modelmora::v1::Priority nextPriority() const override { return modelmora::v1::PRIORITY_NORMAL; }
    bool retrySmaller() override { return false; }
    std::vector<std::uint64_t> dropFailed() override { return {}; }
    [[nodiscard]] int running() const override { return 0; }
    void describe(modelmora::worker::v1::Loaded& loaded) const override { loaded.set_device("cpu"); }

private:
    std::function<void()> m_deed;
    int m_left = 2;
};

LoadOptions anyModel() {
    LoadOptions options;
    options.task = modelmora::v1::TASK_TYPE_TXT2EMBED;
    return options;
}

// The last frame of a load, and the stages before it.
WorkerFrame endOfLoad(Outbox& outbox, std::vector<std::string>& stages) {
    for (;;) {
        pollfd wait{outbox.wakeFd(), POLLIN, 0};
        if (::poll(&wait, 1, 60'000) != 1)
            return {};
        for (WorkerFrame& frame : outbox.take()) {
            if (!frame.has_load_progress())
                return std::move(frame);
            stages.push_back(frame.load_progress().stage());
        }
    }
}

} // namespace

class TestComputeLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachStepOfAWarmUpHasTheTurnAndGivesItBack() {
        auto turns = ipc::DeviceTurns::create();
        QVERIFY(turns.ok());
        Rival first(*turns);
        Rival second(*turns);
        std::vector<bool> rivalHadIt;
        TaskRegistry tasks;
        tasks.add(modelmora::v1::TASK_TYPE_TXT2EMBED, [&](const LoadOptions&, const LoadProgress&) {
            return std::make_unique<WarmingModel>(
                [&] { rivalHadIt.push_back(rivalHadIt.empty() ? first.want() : second.want()); });
        });
        EngineLink link(::socket(AF_UNIX, SOCK_STREAM, 0)); // nothing goes there: only answers do
        Outbox outbox(link);
        std::vector<std::string> stages;
        auto mine = ipc::DeviceTurns::open(::dup(turns->fd()));
        QVERIFY(mine.ok());
        ComputeLoop loop(tasks, outbox, std::move(*mine));
        loop.load(anyModel());
        QVERIFY(endOfLoad(outbox, stages).has_loaded());
        QCOMPARE(stages, (std::vector<std::string>{"warmup", "warmup"}));
        QCOMPARE(rivalHadIt, (std::vector<bool>{false, false}));
        QVERIFY(first.gotItInTheEnd());
        QVERIFY(second.gotItInTheEnd());
    }

    void aWarmUpThatFailsIsAFailedLoadAndLeavesTheTurnToOthers() {
        auto turns = ipc::DeviceTurns::create();
        QVERIFY(turns.ok());
        TaskRegistry tasks;
        tasks.add(modelmora::v1::TASK_TYPE_TXT2EMBED, [&](const LoadOptions&, const LoadProgress&) {
            return std::make_unique<WarmingModel>(
                [] { throw Failure(ErrorCode::InvalidModelFiles, "the weights make no sense"); });
        });
        EngineLink link(::socket(AF_UNIX, SOCK_STREAM, 0)); // nothing goes there: only answers do
        Outbox outbox(link);
        std::vector<std::string> stages;
        auto mine = ipc::DeviceTurns::open(::dup(turns->fd()));
        QVERIFY(mine.ok());
        ComputeLoop loop(tasks, outbox, std::move(*mine));
        loop.load(anyModel());
        const WorkerFrame end = endOfLoad(outbox, stages);
        QVERIFY(end.has_load_failed());
        QCOMPARE(end.load_failed().code(), std::string("INVALID_MODEL_FILES"));
        QCOMPARE(end.load_failed().details().fields().at("stage").string_value(), std::string("warmup"));
        Rival rival(*turns);
        QVERIFY(rival.want());
    }
};

QTEST_GUILESS_MAIN(TestComputeLoop)
#include "test_compute_loop.moc"
