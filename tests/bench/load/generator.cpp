#include "tests/bench/load/generator.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace mm::load {
namespace {

constexpr std::chrono::seconds kPatience{30}; // for the last answers

std::chrono::nanoseconds toNanoseconds(double seconds) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

} // namespace

Generator::Generator(const Plan& plan) : m_plan(plan), m_epoll(::epoll_create1(EPOLL_CLOEXEC)) {
    for (const StreamPlan& each : plan.streams) {
        Stream& stream = m_streams.emplace_back();
        stream.plan = &each;
        stream.result.name = each.name;
        if (each.rate > 0)
            stream.interval = toNanoseconds(1 / each.rate);
    }
}

Generator::~Generator() {
    if (m_epoll >= 0)
        ::close(m_epoll);
}

Result<std::vector<StreamResult>> Generator::run() {
    if (m_epoll < 0)
        return Error{ErrorCode::InternalError, std::string("no epoll: ") + std::strerror(errno)};
    MM_CHECK(connectAll());
    const Instant now = Clock::now();
    m_begin = now + toNanoseconds(m_plan.warmupSeconds);
    m_end = m_begin + toNanoseconds(m_plan.seconds);
    m_giveUp = m_end + kPatience;
    startAll(now);
    loop();
    std::vector<StreamResult> results;
    for (const Slot& slot : m_slots)
        m_streams[slot.stream].result.unanswered += slot.isBusy ? 1 : 0;
    for (Stream& stream : m_streams) {
        stream.result.notSent = stream.due.size();
        results.push_back(std::move(stream.result));
    }
    return results;
}

Result<void> Generator::connectAll() {
    for (std::size_t stream = 0; stream < m_streams.size(); ++stream) {
        for (int i = 0; i < m_streams[stream].plan->connections; ++i) {
            m_slots.emplace_back().stream = stream;
            MM_CHECK(open(m_slots.size() - 1));
        }
    }
    return {};
}

Result<void> Generator::open(std::size_t index) {
    Slot& slot = m_slots[index];
    MM_CHECK(slot.connection.connect(m_plan.host, m_plan.port));
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, slot.connection.descriptor(), &event);
    return {};
}

void Generator::startAll(Instant now) {
    for (Stream& stream : m_streams)
        stream.nextDue = now;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (m_streams[m_slots[i].stream].plan->rate > 0)
            m_streams[m_slots[i].stream].idle.push_back(i);
        else
            send(i, Clock::now());
    }
}

void Generator::loop() {
    std::array<epoll_event, 256> events{};
    for (Instant now = Clock::now(); now < m_end || (m_busy > 0 && now < m_giveUp); now = Clock::now()) {
        sendWhatIsDue(now);
        const int micros = waitMicros(Clock::now());
        const timespec wait{micros / 1'000'000, (micros % 1'000'000) * 1000L};
        const int count = ::epoll_pwait2(m_epoll, events.data(), static_cast<int>(events.size()), &wait, nullptr);
        for (int i = 0; i < count; ++i)
            handle(events[static_cast<std::size_t>(i)].data.u64);
    }
}

// Until the next request falls due, and never longer than until the end.
int Generator::waitMicros(Instant now) const {
    Instant until = now < m_end ? m_end : m_giveUp;
    if (now < m_end) {
        for (const Stream& stream : m_streams) {
            if (stream.plan->rate > 0)
                until = std::min(until, stream.nextDue);
        }
    }
    const auto micros = std::chrono::ceil<std::chrono::microseconds>(until - now).count();
    return static_cast<int>(std::clamp<std::int64_t>(micros, 0, 1'000'000));
}

void Generator::handle(std::size_t index) {
    settle(index, m_slots[index].connection.proceed());
}

void Generator::settle(std::size_t index, Connection::Progress progress) {
    Slot& slot = m_slots[index];
    if (progress == Connection::Progress::Waiting)
        return;
    const Instant now = Clock::now();
    const bool wasBusy = std::exchange(slot.isBusy, false);
    m_busy -= wasBusy ? 1 : 0;
    if (progress == Connection::Progress::Answered)
        answered(slot, now);
    else if (wasBusy) {
        ++m_streams[slot.stream].result.lostConnections;
        problem(m_streams[slot.stream], slot.connection.problem());
    }
    if (progress == Connection::Progress::Lost || slot.connection.mustReconnect()) {
        if (const Result<void> opened = open(index); !opened) {
            std::erase(m_streams[slot.stream].idle, index); // this connection is out of the run
            return problem(m_streams[slot.stream], opened.error().message);
        }
    }
    if (wasBusy)
        next(index, now);
}

void Generator::answered(Slot& slot, Instant now) {
    StreamResult& result = m_streams[slot.stream].result;
    const int status = slot.connection.status();
    const bool isGood = status >= 200 && status < 300;
    if (!isGood)
        problem(m_streams[slot.stream], "status " + std::to_string(status));
    if (!isMeasured(now))
        return;
    ++result.statuses[status];
    if (isGood)
        result.latency.record(std::chrono::nanoseconds(now - slot.begun).count());
}

void Generator::next(std::size_t index, Instant now) {
    Stream& stream = m_streams[m_slots[index].stream];
    if (now >= m_end)
        return;
    if (stream.plan->rate == 0)
        return send(index, now);
    if (stream.due.empty())
        return stream.idle.push_back(index);
    const Instant due = stream.due.front();
    stream.due.pop_front();
    send(index, due);
}

void Generator::send(std::size_t index, Instant begun) {
    Slot& slot = m_slots[index];
    Stream& stream = m_streams[slot.stream];
    const std::string& message = stream.plan->messages[stream.nextMessage];
    stream.nextMessage = (stream.nextMessage + 1) % stream.plan->messages.size();
    slot.begun = begun;
    slot.isBusy = true;
    ++m_busy;
    slot.connection.send(message); // a failure is an event of its own
}

void Generator::sendWhatIsDue(Instant now) {
    if (now >= m_end)
        return;
    for (Stream& stream : m_streams) {
        if (stream.plan->rate == 0)
            continue;
        for (; stream.nextDue <= now; stream.nextDue += stream.interval)
            stream.due.push_back(stream.nextDue);
        while (!stream.due.empty() && !stream.idle.empty()) {
            const std::size_t slot = stream.idle.back();
            const Instant due = stream.due.front();
            stream.idle.pop_back();
            stream.due.pop_front();
            send(slot, due);
        }
    }
}

void Generator::problem(Stream& stream, const std::string& what) {
    if (stream.result.firstProblem.empty())
        stream.result.firstProblem = what;
}

} // namespace mm::load
