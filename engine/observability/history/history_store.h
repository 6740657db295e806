// HistoryStore: spans of time and ended requests in the engine's database, bounded in number. Calls block; they belong
// to the thread that opened it.
#pragma once

#include "engine/observability/history/history_series.h"
#include "engine/observability/requests/request_filter.h"
#include "engine/store/database.h"

#include <memory>
#include <vector>

namespace mm::observability {

class HistoryStore {
public:
    struct Bounds {
        int requests = 10'000;
    };
    // The database is brought up to date already, by another connection of this program.
    static Result<std::unique_ptr<HistoryStore>> open(const std::filesystem::path& file, WallTime now, Bounds bounds);
    static Result<std::unique_ptr<HistoryStore>> open(const std::filesystem::path& file, WallTime now) {
        return open(file, now, Bounds{});
    }

    // Adds what happened until then to the spans of every resolution, in one transaction.
    Result<void> addSpan(WallTime at, const hv1::Span& span);
    Result<std::vector<DatedSpan>> spans(const HistoryRange& range);

    Result<void> keepRequests(const std::vector<v1::QueueEntry>& entries);
    // The newest first, at most `most` of those that ended at that time at the latest.
    Result<std::vector<v1::QueueEntry>> findRequests(const v1::ListRequestsRequest& filter, WallTime endedBy, int most);

private:
    HistoryStore(std::unique_ptr<store::SqliteSession> session, Bounds bounds)
        : m_session(std::move(session)), m_bounds(bounds) {}

    Result<void> addTo(const Resolution& resolution, WallTime at, const hv1::Span& span);
    Result<void> dropOldSpans(const Resolution& resolution, WallTime at);
    Result<void> keep(const v1::QueueEntry& entry);

    std::unique_ptr<store::SqliteSession> m_session;
    Bounds m_bounds;
};

} // namespace mm::observability
