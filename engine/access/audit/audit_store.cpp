#include "engine/access/audit/audit_store.h"

#include <algorithm>
#include <utility>

namespace mm::access {
namespace {

namespace v1 = modelmora::v1;
using store::fromStored;
using store::toStored;
using store::toText;

constexpr int kUsualLimit = 100;
constexpr int kLargestLimit = 1000;
const QString kColumns =
    QStringLiteral("number, at, client, kind, role, action, target, outcome, error_code, message, hash");

AuditRecord recordOf(const QSqlQuery& row) {
    const auto text = [&](int column) { return row.value(column).toString().toStdString(); };
    return {row.value(0).toLongLong(),
            {fromStored(row.value(1)), text(2), text(3), text(4), text(5), text(6), text(7), text(8), text(9)},
            text(10)};
}

// Follows the chain, record by record, and keeps what it finds first.
class ChainCheck {
public:
    void take(const AuditRecord& record) {
        m_found.set_records(m_found.records() + 1);
        if (m_found.broken_at() == 0 && record.number != m_last + 1)
            broken(m_last + 1, "Records " + std::to_string(m_last + 1) + " to " + std::to_string(record.number - 1) +
                                   " are missing.");
        else if (m_found.broken_at() == 0 && record.hash != chainHash(m_hash, record.number, record.entry))
            broken(record.number, "Record " + std::to_string(record.number) +
                                      " does not fit its hash: it, or the one before it, was changed.");
        m_last = record.number;
        m_hash = record.hash;
    }
    v1::AuditVerification end(std::int64_t highestEver) {
        if (m_found.broken_at() == 0 && m_last < highestEver)
            broken(m_last + 1, "Records " + std::to_string(m_last + 1) + " to " + std::to_string(highestEver) +
                                   " are missing at the end.");
        m_found.set_intact(m_found.broken_at() == 0);
        m_found.set_head(m_hash);
        return m_found;
    }

private:
    void broken(std::int64_t at, std::string reason) {
        m_found.set_broken_at(at);
        m_found.set_reason(std::move(reason));
    }

    std::int64_t m_last = 0;
    std::string m_hash{kNoHash};
    v1::AuditVerification m_found;
};

} // namespace

Result<std::unique_ptr<AuditStore>> AuditStore::open(const store::DatabaseOptions& options) {
    MM_TRY(auto session, store::openDatabase(options));
    return std::unique_ptr<AuditStore>(new AuditStore(std::move(session)));
}

Result<void> AuditStore::append(std::span<const AuditEntry> entries) {
    return m_session->transaction<void>([&]() -> Result<void> {
        std::int64_t number = 0;
        std::string hash(kNoHash);
        MM_CHECK(m_session->select(QStringLiteral("SELECT number, hash FROM audit_record ORDER BY number DESC LIMIT 1"),
                                   {}, [&](const QSqlQuery& row) {
                                       number = row.value(0).toLongLong();
                                       hash = row.value(1).toString().toStdString();
                                   }));
        // Where the last ones were taken away, the gap stays to be seen.
        MM_CHECK(m_session->select(
            QStringLiteral("SELECT seq FROM sqlite_sequence WHERE name = 'audit_record'"), {},
            [&](const QSqlQuery& row) { number = std::max<std::int64_t>(number, row.value(0).toLongLong()); }));
        for (const AuditEntry& entry : entries) {
            hash = chainHash(hash, ++number, entry);
            MM_CHECK(m_session->execute(
                QStringLiteral("INSERT INTO audit_record (%1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").arg(kColumns),
                {qint64{number}, toStored(entry.at), toText(entry.client), toText(entry.kind), toText(entry.role),
                 toText(entry.action), toText(entry.target), toText(entry.outcome), toText(entry.errorCode),
                 toText(entry.message), toText(hash)}));
        }
        return {};
    });
}

Result<v1::ListAuditResponse> AuditStore::list(const v1::ListAuditRequest& request) {
    if (request.limit() < 0 || request.limit() > kLargestLimit)
        return invalidField("limit", "must be from 1 to 1000");
    if (request.before() < 0)
        return invalidField("before", "must be the number of a record");
    v1::ListAuditResponse listed;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT %1 FROM audit_record WHERE (? = 0 OR number < ?) AND (? = '' OR client = ?) AND "
                       "(? = '' OR action = ?) AND (? = '' OR outcome = ?) ORDER BY number DESC LIMIT ?")
            .arg(kColumns),
        {qint64{request.before()}, qint64{request.before()}, toText(request.client()), toText(request.client()),
         toText(request.action()), toText(request.action()), toText(request.outcome()), toText(request.outcome()),
         request.limit() == 0 ? kUsualLimit : request.limit()},
        [&](const QSqlQuery& row) { *listed.add_records() = toProto(recordOf(row)); }));
    return listed;
}

Result<v1::AuditVerification> AuditStore::verify() {
    // In one transaction, so that what is appended meanwhile is in both answers or in neither.
    return m_session->transaction<v1::AuditVerification>([&]() -> Result<v1::AuditVerification> {
        ChainCheck check;
        MM_CHECK(m_session->select(QStringLiteral("SELECT %1 FROM audit_record ORDER BY number").arg(kColumns), {},
                                   [&](const QSqlQuery& row) { check.take(recordOf(row)); }));
        std::int64_t highest = 0;
        MM_CHECK(m_session->select(QStringLiteral("SELECT seq FROM sqlite_sequence WHERE name = 'audit_record'"), {},
                                   [&](const QSqlQuery& row) { highest = row.value(0).toLongLong(); }));
        return check.end(highest);
    });
}

} // namespace mm::access
