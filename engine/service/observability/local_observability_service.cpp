#include "engine/service/observability/local_observability_service.h"

#include "engine/base/logs/log_control.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace mm::service {
namespace {

using inference::RequestHistory;
using observability::HistoryStore;

// Routes and codes are few; this holds where somebody makes many of them all the same.
constexpr std::size_t kMostFaceCounts = 2'000;

// The newest first, until there are enough; one more than the limit says that there are more.
class Listing {
public:
    explicit Listing(const v1::ListRequestsRequest& filter)
        : m_limit(static_cast<std::size_t>(observability::limitOf(filter))) {}

    [[nodiscard]] bool isFull() const { return m_found.size() > m_limit; }
    [[nodiscard]] int room() const { return static_cast<int>(m_limit + 1 - m_found.size()); }
    void add(v1::QueueEntry entry) {
        const auto key = std::pair(entry.request_id(),
                                   entry.finished_at().seconds() * 1000 + entry.finished_at().nanos() / 1'000'000);
        if (!isFull() && m_seen.insert(key).second)
            m_found.push_back(std::move(entry));
    }
    [[nodiscard]] v1::ListRequestsResponse take() {
        v1::ListRequestsResponse response;
        response.set_has_more(isFull());
        if (isFull())
            m_found.pop_back();
        for (v1::QueueEntry& entry : m_found)
            *response.add_requests() = std::move(entry);
        return response;
    }

private:
    std::size_t m_limit;
    std::vector<v1::QueueEntry> m_found;
    std::set<std::pair<std::string, std::int64_t>> m_seen;
};

// Those in memory, and before them those that are kept on the disk. On the history's thread.
Result<v1::ListRequestsResponse> findEnded(HistoryStore& store, const v1::ListRequestsRequest& filter, Listing listing,
                                           const std::vector<RequestHistory::KeptPtr>& ended, WallTime now) {
    WallTime oldest = WallTime(std::chrono::milliseconds(std::numeric_limits<std::int64_t>::max() / 2'000'000));
    for (auto kept = ended.rbegin(); kept != ended.rend() && !listing.isFull(); ++kept)
        if (auto entry = RequestHistory::read(**kept); entry && observability::matches(filter, *entry, now))
            listing.add(std::move(*entry));
    if (!ended.empty())
        if (const auto first = RequestHistory::read(*ended.front()))
            oldest = observability::timeOf(*first);
    if (!listing.isFull()) {
        MM_TRY(auto kept, store.findRequests(filter, oldest, listing.room()));
        for (v1::QueueEntry& entry : kept)
            listing.add(std::move(entry));
    }
    return listing.take();
}

} // namespace

LocalObservabilityService::LocalObservabilityService(Parts parts)
    : m_parts(std::move(parts)), m_started(m_parts.clock.now()), m_configured(log::level()) {
    m_writer.setMaxThreadCount(1);
}

LocalObservabilityService::~LocalObservabilityService() {
    m_writer.waitForDone();
}

observability::Scrape LocalObservabilityService::scrape() {
    observability::EngineFigures figures = m_parts.figures.read();
    m_parts.book.keepOnly(figures.registered);
    return {m_parts.book,      std::move(figures), faceCounts(),
            log::lineCounts(), m_parts.spans(),    m_parts.historyFailures()};
}

void LocalObservabilityService::metrics(Reply<v1::MetricsText> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] {
        const auto copied = std::make_shared<const observability::Scrape>(scrape());
        m_writer.start([copied, reply] {
            v1::MetricsText answer;
            answer.set_content_type(observability::kMetricsContentType);
            answer.set_text(observability::exposition(*copied));
            reply(std::move(answer));
        });
    });
}

void LocalObservabilityService::history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) {
    const auto range = observability::rangeOf(request, m_parts.clock.wallNow());
    if (!range.ok())
        return m_parts.engine.post([reply = std::move(reply), error = range.error()] { reply(error); });
    m_parts.history.call<v1::HistoryReport>(
        [request = std::move(request), range = *range](HistoryStore& store) -> Result<v1::HistoryReport> {
            MM_TRY(const auto spans, store.spans(range));
            return observability::reportOf(request, range, spans);
        },
        m_parts.engine, std::move(reply));
}

std::vector<v1::QueueEntry> LocalObservabilityService::live(const v1::ListRequestsRequest& filter) const {
    std::vector<v1::QueueEntry> found;
    if (!observability::meansLive(filter))
        return found;
    v1::GetQueueRequest all;
    all.set_client(filter.client());
    all.set_limit(std::numeric_limits<std::int32_t>::max());
    const WallTime now = m_parts.clock.wallNow();
    v1::QueueReport report = m_parts.dispatcher.report(all);
    for (v1::QueueEntry& entry : *report.mutable_entries())
        if (observability::matches(filter, entry, now))
            found.push_back(std::move(entry));
    std::sort(found.begin(), found.end(), [](const v1::QueueEntry& a, const v1::QueueEntry& b) {
        return observability::timeOf(a) > observability::timeOf(b);
    });
    return found;
}

void LocalObservabilityService::requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) {
    m_parts.engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        if (const Result<void> checked = observability::checkFilter(request); !checked)
            return reply(checked.error());
        Listing listing(request);
        for (v1::QueueEntry& entry : live(request))
            listing.add(std::move(entry));
        m_parts.history.call<v1::ListRequestsResponse>(
            [request = std::move(request), listing = std::move(listing), ended = m_parts.dispatcher.ended().all(),
             now = m_parts.clock.wallNow()](HistoryStore& store) {
                return findEnded(store, request, listing, ended, now);
            },
            m_parts.engine, std::move(reply));
    });
}

v1::LogLevelStatus LocalObservabilityService::levelStatus() const {
    v1::LogLevelStatus status;
    status.set_level(std::string(log::levelName(log::level())));
    status.set_configured_level(std::string(log::levelName(m_configured)));
    status.set_format(log::format() == log::Format::Json ? "json" : "human");
    return status;
}

void LocalObservabilityService::logLevel(Reply<v1::LogLevelStatus> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(levelStatus()); });
}

void LocalObservabilityService::setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) {
    m_parts.engine.post([this, request = std::move(request), reply = std::move(reply)] {
        const log::Level level = log::levelFromString(request.level(), log::Level::Off);
        if (level == log::Level::Off && request.level() != "off")
            return reply(invalidField("level", "must be trace, debug, info, warning, error or off"));
        log::write(log::Level::Info, "log level changed",
                   {{"from", log::levelName(log::level())}, {"to", log::levelName(level)}});
        log::setLevel(level);
        reply(levelStatus());
    });
}

void LocalObservabilityService::diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) {
    m_parts.engine.post([this, request = std::move(request), reply = std::move(reply)] {
        if (request.log_lines() < 0)
            return reply(invalidField("log_lines", "must not be negative"));
        v1::Diagnosis diagnosis = m_parts.about();
        const auto wall =
            std::chrono::duration_cast<std::chrono::milliseconds>(m_parts.clock.wallNow().time_since_epoch());
        *diagnosis.mutable_at() = google::protobuf::util::TimeUtil::MillisecondsToTimestamp(wall.count());
        diagnosis.set_uptime_seconds(
            std::chrono::duration_cast<std::chrono::seconds>(m_parts.clock.now() - m_started).count());
        const std::size_t most = request.log_lines() == 0 ? std::numeric_limits<std::size_t>::max()
                                                          : static_cast<std::size_t>(request.log_lines());
        for (std::string& line : log::recentLines(most))
            diagnosis.add_log_lines(std::move(line));
        reply(std::move(diagnosis));
    });
}

void LocalObservabilityService::answered(const FaceAnswer& answer) {
    constexpr char kBetween = '\x1f';
    std::string key;
    key.reserve(answer.face.size() + answer.method.size() + answer.route.size() + answer.code.size() + 3);
    for (const std::string_view part : {answer.face, answer.method, answer.route, answer.code})
        key.append(part).push_back(kBetween);
    const std::lock_guard lock(m_mutex);
    const auto known = m_faces.find(key);
    if (known != m_faces.end()) {
        ++known->second.answers;
    } else if (m_faces.size() < kMostFaceCounts) {
        m_faces.emplace(std::move(key),
                        observability::FaceCount{std::string(answer.face), std::string(answer.method),
                                                 std::string(answer.route), std::string(answer.code), 1});
    }
}

std::vector<observability::FaceCount> LocalObservabilityService::faceCounts() const {
    std::vector<observability::FaceCount> counts;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [key, count] : m_faces)
            counts.push_back(count);
    }
    std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
        return std::tie(a.face, a.route, a.method, a.code) < std::tie(b.face, b.route, b.method, b.code);
    });
    return counts;
}

} // namespace mm::service
