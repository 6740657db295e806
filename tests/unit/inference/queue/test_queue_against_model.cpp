// The queue against a naive model of the same order, over random schedules.
#include "engine/inference/queue/request_queue.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

const Instant kStart{1000s};

// Everything in lists, the order searched for anew each time: slow and plain.
class NaiveQueue {
public:
    NaiveQueue(std::chrono::microseconds credit, std::chrono::milliseconds ageing)
        : m_credit(static_cast<double>(credit.count())), m_ageing(ageing) {}

    struct Entry {
        RequestQueue::Item item;
        bool held = false;
        Instant since;
    };

    void push(const RequestQueue::Item& item, Instant now) { enter({item, false, now}); }
    std::optional<RequestQueue::Item> takeNext(std::optional<std::uint32_t> model) {
        const Entry* best = nullptr;
        for (const Entry& each : m_entries)
            if (!each.held && each.item.level >= openFrom(each.item.model) && (!model || *model == each.item.model) &&
                (best == nullptr || isBefore(each.item, best->item)))
                best = &each;
        if (best == nullptr)
            return std::nullopt;
        const RequestQueue::Item item = best->item;
        Flow& mine = flow(item);
        double& served = m_served[item.level];
        mine.time = std::max(mine.time, served - m_credit);
        served = std::max(served, mine.time);
        ++mine.underWay;
        remove(item.id);
        return item;
    }
    void remove(std::uint64_t id) {
        std::erase_if(m_entries, [id](const Entry& each) { return each.item.id == id; });
    }
    void setLevel(std::uint64_t id, int level, Instant now) {
        Entry entry = *find(id);
        if (entry.item.level == level)
            return;
        remove(id);
        entry.item.level = level;
        if (entry.held)
            m_entries.push_back(entry);
        else
            enter({entry.item, false, now});
    }
    void hold(std::uint64_t id) { find(id)->held = true; }
    void release(std::uint64_t id, Instant now) {
        const Entry entry = *find(id);
        if (!entry.held)
            return;
        remove(id);
        enter({entry.item, false, now});
    }
    void age(Instant now) {
        for (int level = kLevels - 2; level >= 0; --level) {
            std::vector<std::uint64_t> due;
            for (const Entry& each : m_entries)
                if (!each.held && each.item.level == level && each.since + m_ageing <= now)
                    due.push_back(each.item.id);
            for (const std::uint64_t id : due)
                setLevel(id, level + 1, now);
        }
    }
    void charge(std::uint32_t client, int level, std::int64_t micros) {
        m_flows[{client, level}].time += static_cast<double>(micros) / weights[client];
    }
    void settle(std::uint32_t client, int level) { --m_flows[{client, level}].underWay; }

    std::map<std::uint32_t, int> open;
    std::map<std::uint32_t, double> weights;

private:
    struct Flow {
        double time = 0;
        bool known = false;
        int underWay = 0;
    };
    Flow& flow(const RequestQueue::Item& item) { return m_flows[{item.client, item.level}]; }
    int openFrom(std::uint32_t model) { return open.contains(model) ? open[model] : kLevels; }
    void enter(const Entry& entry) {
        Flow& mine = flow(entry.item);
        const bool waits = std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& each) {
            return !each.held && each.item.client == entry.item.client && each.item.level == entry.item.level;
        });
        if (!waits && mine.underWay == 0)
            mine.time =
                mine.known ? std::max(mine.time, m_served[entry.item.level] - m_credit) : m_served[entry.item.level];
        mine.known = true;
        m_entries.push_back(entry);
    }
    bool isBefore(const RequestQueue::Item& a, const RequestQueue::Item& b) {
        if (a.level != b.level)
            return a.level > b.level;
        if (flow(a).time != flow(b).time)
            return flow(a).time < flow(b).time;
        return a.sequence < b.sequence;
    }
    std::vector<Entry>::iterator find(std::uint64_t id) {
        return std::find_if(m_entries.begin(), m_entries.end(), [id](const Entry& each) { return each.item.id == id; });
    }

    double m_credit;
    std::chrono::milliseconds m_ageing;
    std::vector<Entry> m_entries;
    std::map<std::pair<std::uint32_t, int>, Flow> m_flows;
    std::map<int, double> m_served;
};

// Both queues side by side under one random schedule.
class Pair {
public:
    explicit Pair(unsigned seed)
        : m_random(seed)
        , m_options{std::chrono::microseconds(seed % 3 * 500), std::chrono::milliseconds(seed % 2 * 40)}
        , m_queue(m_options)
        , m_naive(m_options.credit, m_options.ageing) {
        for (std::uint32_t client = 0; client < kClients; ++client) {
            const double weight = 1 + below(4);
            m_queue.setWeight(client, weight);
            m_naive.weights[client] = weight;
        }
    }

    bool step() {
        m_now += std::chrono::milliseconds(below(5));
        switch (below(12)) {
        case 0:
        case 1:
        case 2:
        case 3:
            push();
            return true;
        case 4:
        case 5:
        case 6:
            return take();
        case 7:
            end();
            return true;
        case 8:
            open();
            return true;
        default:
            return change();
        }
    }
    [[nodiscard]] std::size_t taken() const { return m_taken; }

private:
    static constexpr std::uint32_t kClients = 5;
    static constexpr std::uint32_t kModels = 3;

    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }

    void push() {
        RequestQueue::Item item{++m_lastId, std::uint32_t(below(kClients)), std::uint32_t(below(kModels)),
                                below(kLevels), 0};
        const auto ticket = m_queue.push(item, m_now);
        item = m_queue.at(ticket);
        m_naive.push(item, m_now);
        m_waiting.emplace_back(item.id, ticket);
    }
    bool take() {
        const std::optional<std::uint32_t> model =
            below(3) == 0 ? std::optional<std::uint32_t>(below(kModels)) : std::nullopt;
        const auto got = model ? m_queue.takeNext(*model) : m_queue.takeNext();
        const auto wanted = m_naive.takeNext(model);
        if (got.has_value() != wanted.has_value())
            return false;
        if (!got)
            return true;
        std::erase_if(m_waiting, [&](const auto& each) { return each.first == got->id; });
        ++m_taken;
        if (below(4) > 0) // of the others nothing is known beforehand
            charge(*got, 100 + below(2000));
        if (below(8) == 0) { // lost with its worker, and put back where it was
            settle(*got);
            m_waiting.emplace_back(got->id, m_queue.push(*got, m_now));
            m_naive.push(*got, m_now);
        } else {
            m_underWay.push_back(*got);
        }
        return got->id == wanted->id && got->sequence == wanted->sequence && got->level == wanted->level;
    }
    void charge(const RequestQueue::Item& item, int micros) {
        m_queue.charge(item.client, item.level, micros);
        m_naive.charge(item.client, item.level, micros);
    }
    void settle(const RequestQueue::Item& item) {
        m_queue.settle(item.client, item.level);
        m_naive.settle(item.client, item.level);
    }
    void end() {
        if (m_underWay.empty())
            return;
        charge(m_underWay.front(), below(300) - 100);
        settle(m_underWay.front());
        m_underWay.erase(m_underWay.begin());
    }
    void open() {
        const auto model = std::uint32_t(below(kModels));
        const int from = below(kLevels + 1);
        m_queue.setOpen(model, from);
        m_naive.open[model] = from;
    }
    bool change() {
        m_queue.age(m_now, [](const auto&) {});
        if (m_options.ageing.count() > 0)
            m_naive.age(m_now);
        if (m_waiting.empty())
            return true;
        const std::size_t which = m_random() % m_waiting.size();
        const auto [id, ticket] = m_waiting[which];
        switch (below(4)) {
        case 0: {
            const int level = below(kLevels);
            m_queue.setLevel(ticket, level, m_now);
            m_naive.setLevel(id, level, m_now);
            break;
        }
        case 1:
            m_queue.hold(ticket);
            m_naive.hold(id);
            break;
        case 2:
            m_queue.release(ticket, m_now);
            m_naive.release(id, m_now);
            break;
        default:
            m_queue.remove(ticket);
            m_naive.remove(id);
            m_waiting.erase(m_waiting.begin() + std::ptrdiff_t(which));
        }
        return true;
    }

    std::mt19937 m_random;
    RequestQueue::Options m_options;
    RequestQueue m_queue;
    NaiveQueue m_naive;
    Instant m_now = kStart;
    std::uint64_t m_lastId = 0;
    std::size_t m_taken = 0;
    std::vector<std::pair<std::uint64_t, RequestQueue::Ticket>> m_waiting;
    std::vector<RequestQueue::Item> m_underWay;
};

} // namespace

class TestQueueAgainstModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noScheduleMakesItDifferFromTheNaiveModel();
};

void TestQueueAgainstModel::noScheduleMakesItDifferFromTheNaiveModel() {
    std::size_t taken = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        Pair pair(seed);
        for (int step = 0; step < 3000; ++step)
            if (!pair.step())
                QFAIL(qPrintable(QStringLiteral("seed %1, step %2").arg(seed).arg(step)));
        taken += pair.taken();
    }
    QVERIFY(taken > 20'000);
}

QTEST_GUILESS_MAIN(TestQueueAgainstModel)
#include "test_queue_against_model.moc"
