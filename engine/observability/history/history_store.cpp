#include "engine/observability/history/history_store.h"

#include <limits>

namespace mm::observability {
namespace {

QByteArray toBlob(const google::protobuf::MessageLite& message) {
    const std::string bytes = message.SerializeAsString();
    return {bytes.data(), static_cast<qsizetype>(bytes.size())};
}

// What cannot be read (written by a newer version, or damaged) counts as not there.
template <typename Message>
bool fromBlob(const QVariant& value, Message& message) {
    const QByteArray bytes = value.toByteArray();
    return message.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size()));
}

// A jump of the clock may have left spans in what is now the future; a little of it is a clock that is being set.
constexpr std::chrono::minutes kSoon{5};

} // namespace

Result<std::unique_ptr<HistoryStore>> HistoryStore::open(const std::filesystem::path& file, WallTime now,
                                                         Bounds bounds) {
    store::DatabaseOptions options;
    options.file = file;
    options.now = now;
    options.prepared = true;
    MM_TRY(auto session, store::openDatabase(options));
    return std::unique_ptr<HistoryStore>(new HistoryStore(std::move(session), bounds));
}

Result<void> HistoryStore::addSpan(WallTime at, const hv1::Span& span) {
    return m_session->transaction<void>([&]() -> Result<void> {
        for (const Resolution& resolution : kResolutions) {
            MM_CHECK(addTo(resolution, at, span));
            MM_CHECK(dropOldSpans(resolution, at));
        }
        return {};
    });
}

Result<void> HistoryStore::addTo(const Resolution& resolution, WallTime at, const hv1::Span& span) {
    const qint64 begin = store::toStored(beginOf(at, resolution.span));
    const auto seconds = static_cast<qint64>(resolution.span.count());
    hv1::Span sum;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT data FROM history_span WHERE resolution_seconds = ? AND begins_at = ?"),
        {seconds, begin}, [&sum](const QSqlQuery& row) {
            if (!fromBlob(row.value(0), sum))
                sum.Clear();
        }));
    add(sum, span);
    const auto written = m_session->execute(
        QStringLiteral("INSERT INTO history_span (resolution_seconds, begins_at, data) VALUES (?, ?, ?) "
                       "ON CONFLICT (resolution_seconds, begins_at) DO UPDATE SET data = excluded.data"),
        {seconds, begin, toBlob(sum)});
    return written.ok() ? Result<void>() : written.error();
}

Result<void> HistoryStore::dropOldSpans(const Resolution& resolution, WallTime at) {
    const auto seconds = static_cast<qint64>(resolution.span.count());
    const auto dropped = m_session->execute(
        QStringLiteral("DELETE FROM history_span WHERE resolution_seconds = ? AND (begins_at > ? OR begins_at <= "
                       "(SELECT begins_at FROM history_span WHERE resolution_seconds = ? ORDER BY begins_at DESC "
                       "LIMIT 1 OFFSET ?))"),
        {seconds, store::toStored(at + kSoon), seconds, resolution.mostSpans()});
    return dropped.ok() ? Result<void>() : dropped.error();
}

Result<std::vector<DatedSpan>> HistoryStore::spans(const HistoryRange& range) {
    std::vector<DatedSpan> found;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT begins_at, data FROM history_span WHERE resolution_seconds = ? AND begins_at >= ? AND "
                       "begins_at <= ? ORDER BY begins_at"),
        {static_cast<qint64>(range.resolution.span.count()), store::toStored(range.from), store::toStored(range.to)},
        [&found](const QSqlQuery& row) {
            hv1::Span span;
            if (fromBlob(row.value(1), span))
                found.emplace_back(store::fromStored(row.value(0)), std::move(span));
        }));
    return found;
}

Result<void> HistoryStore::keepRequests(const std::vector<v1::QueueEntry>& entries) {
    return m_session->transaction<void>([&]() -> Result<void> {
        for (const v1::QueueEntry& entry : entries)
            MM_CHECK(keep(entry));
        const auto dropped = m_session->execute(
            QStringLiteral("DELETE FROM ended_request WHERE id <= (SELECT id FROM ended_request ORDER BY id DESC LIMIT "
                           "1 OFFSET ?)"),
            {m_bounds.requests});
        return dropped.ok() ? Result<void>() : dropped.error();
    });
}

Result<void> HistoryStore::keep(const v1::QueueEntry& entry) {
    const auto written = m_session->insert(
        QStringLiteral("INSERT INTO ended_request (request_id, finished_at, model_id, client, state, error_code, "
                       "total_ms, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        {store::toText(entry.request_id()), store::toStored(timeOf(entry)), store::toText(entry.model_id()),
         store::toText(entry.client()), static_cast<int>(entry.state()), store::toText(entry.error().code()),
         totalMs(entry, timeOf(entry)), toBlob(entry)});
    return written.ok() ? Result<void>() : written.error();
}

Result<std::vector<v1::QueueEntry>> HistoryStore::findRequests(const v1::ListRequestsRequest& filter, WallTime endedBy,
                                                               int most) {
    const std::string modelId = filter.model_id().substr(0, filter.model_id().rfind('@'));
    const qint64 since = filter.has_since() ? store::toStored(wallTime(filter.since())) : 0;
    std::vector<v1::QueueEntry> found;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT entry FROM ended_request WHERE finished_at >= ? AND finished_at <= ? AND (? = '' OR "
                       "model_id = ?) AND (? = '' OR client = ?) AND (? = 0 OR state = ?) AND (? = '' OR error_code = "
                       "?) AND total_ms >= ? ORDER BY finished_at DESC"),
        {since, store::toStored(endedBy), store::toText(modelId), store::toText(modelId),
         store::toText(filter.client()), store::toText(filter.client()), static_cast<int>(filter.state()),
         static_cast<int>(filter.state()), store::toText(filter.error_code()), store::toText(filter.error_code()),
         filter.slower_than_ms()},
        [&](const QSqlQuery& row) {
            v1::QueueEntry entry;
            if (found.size() < static_cast<std::size_t>(most) && fromBlob(row.value(0), entry) &&
                matches(filter, entry, endedBy))
                found.push_back(std::move(entry));
        }));
    return found;
}

} // namespace mm::observability
