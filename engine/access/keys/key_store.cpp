#include "engine/access/keys/key_store.h"

#include "engine/access/keys/key_rules.h"

#include <sstream>
#include <utility>

namespace mm::access {
namespace {

using store::fromStored;
using store::toStored;
using store::toText;

const QString kColumns = QStringLiteral(
    "key_id, name, role, models, max_priority, requests_per_minute, compute_per_minute, compute_per_day, "
    "secret_sha256, secret_begins, old_sha256, old_until, created_at, created_by, expires_at, rotated_at, revoked_at");

QVariant orNull(const std::optional<WallTime>& time) {
    return time ? QVariant(toStored(*time)) : QVariant();
}

template <typename Number>
QVariant orNull(const std::optional<Number>& number) {
    return number ? QVariant(*number) : QVariant();
}

std::optional<WallTime> timeOf(const QVariant& value) {
    return value.isNull() ? std::nullopt : std::optional(fromStored(value));
}

std::string joined(const std::vector<std::string>& patterns) {
    std::string text;
    for (const std::string& pattern : patterns)
        text.append(text.empty() ? "" : " ").append(pattern);
    return text;
}

ApiKey keyOf(const QSqlQuery& row) {
    const auto text = [&](int column) { return row.value(column).toString().toStdString(); };
    ApiKey key;
    key.id = text(0);
    key.name = text(1);
    key.role = roleFromName(text(2)).value_or(Role::Viewer); // what a newer engine calls otherwise may do least
    std::istringstream patterns(text(3));
    for (std::string pattern; patterns >> pattern;)
        key.models.push_back(pattern);
    key.maxPriority = row.value(4).toInt();
    if (!row.value(5).isNull())
        key.limits.requestsPerMinute = row.value(5).toInt();
    if (!row.value(6).isNull())
        key.limits.computeSecondsPerMinute = row.value(6).toDouble();
    if (!row.value(7).isNull())
        key.limits.computeSecondsPerDay = row.value(7).toDouble();
    key.hash = text(8);
    key.secretBegins = text(9);
    key.oldHash = text(10);
    key.oldUntil = timeOf(row.value(11));
    key.createdAt = fromStored(row.value(12));
    key.createdBy = text(13);
    key.expiresAt = timeOf(row.value(14));
    key.rotatedAt = timeOf(row.value(15));
    key.revokedAt = timeOf(row.value(16));
    return key;
}

} // namespace

Result<std::unique_ptr<KeyStore>> KeyStore::open(const store::DatabaseOptions& options) {
    MM_TRY(auto session, store::openDatabase(options));
    return std::unique_ptr<KeyStore>(new KeyStore(std::move(session)));
}

Result<std::vector<ApiKey>> KeyStore::all() {
    std::vector<ApiKey> keys;
    MM_CHECK(m_session->select(QStringLiteral("SELECT %1 FROM access_key ORDER BY id").arg(kColumns), {},
                               [&](const QSqlQuery& row) { keys.push_back(keyOf(row)); }));
    return keys;
}

Result<ApiKey> KeyStore::find(const std::string& nameOrId) {
    std::vector<ApiKey> found;
    const QString name = toText(nameOrId);
    MM_CHECK(m_session->select(QStringLiteral("SELECT %1 FROM access_key WHERE key_id = ? OR name = ? "
                                              "ORDER BY revoked_at IS NULL DESC, id DESC LIMIT 1")
                                   .arg(kColumns),
                               {name, name}, [&](const QSqlQuery& row) { found.push_back(keyOf(row)); }));
    if (found.empty())
        return Error{ErrorCode::NotFound,
                     "There is no key '" + nameOrId + "'. `modelmora keys list --all` shows every one.",
                     {{"key", nameOrId}}};
    return std::move(found.front());
}

Result<std::int64_t> KeyStore::revision() {
    std::int64_t revision = 0;
    MM_CHECK(m_session->select(QStringLiteral("SELECT revision FROM access_revision"), {},
                               [&](const QSqlQuery& row) { revision = row.value(0).toLongLong(); }));
    return revision;
}

Result<void> KeyStore::changed() {
    MM_CHECK(m_session->execute(QStringLiteral("UPDATE access_revision SET revision = revision + 1")));
    return {};
}

Result<void> KeyStore::insert(const ApiKey& key) {
    MM_CHECK(m_session->execute(
        QStringLiteral("INSERT INTO access_key (%1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .arg(kColumns),
        {toText(key.id), toText(key.name), toText(roleName(key.role)), toText(joined(key.models)), key.maxPriority,
         orNull(key.limits.requestsPerMinute), orNull(key.limits.computeSecondsPerMinute),
         orNull(key.limits.computeSecondsPerDay), toText(key.hash), toText(key.secretBegins), toText(key.oldHash),
         orNull(key.oldUntil), toStored(key.createdAt), toText(key.createdBy), orNull(key.expiresAt),
         orNull(key.rotatedAt), orNull(key.revokedAt)}));
    return changed();
}

Result<IssuedKey> KeyStore::create(const v1::CreateKeyRequest& request, WallTime now, const std::string& by) {
    MM_TRY(IssuedKey issued, newKey(request, now, by));
    return m_session->transaction<IssuedKey>([&]() -> Result<IssuedKey> {
        if (const auto same = find(request.name()); same.ok() && !same->isRevoked())
            return Error{ErrorCode::RevisionConflict,
                         "There is a key '" + request.name() +
                             "' already. Take another name, rotate that one, or revoke it first.",
                         {{"key", request.name()}}};
        MM_CHECK(insert(issued.key));
        return issued;
    });
}

Result<IssuedKey> KeyStore::rotate(const v1::RotateKeyRequest& request, WallTime now) {
    return m_session->transaction<IssuedKey>([&]() -> Result<IssuedKey> {
        MM_TRY(const ApiKey before, find(request.key()));
        MM_TRY(IssuedKey next, rotated(before, request.keep_old_seconds(), now));
        MM_CHECK(m_session->execute(QStringLiteral("UPDATE access_key SET secret_sha256 = ?, secret_begins = ?, "
                                                   "old_sha256 = ?, old_until = ?, rotated_at = ? WHERE key_id = ?"),
                                    {toText(next.key.hash), toText(next.key.secretBegins), toText(next.key.oldHash),
                                     orNull(next.key.oldUntil), orNull(next.key.rotatedAt), toText(next.key.id)}));
        MM_CHECK(changed());
        return next;
    });
}

Result<ApiKey> KeyStore::revoke(const std::string& nameOrId, WallTime now) {
    return m_session->transaction<ApiKey>([&]() -> Result<ApiKey> {
        MM_TRY(ApiKey key, find(nameOrId));
        if (key.isRevoked())
            return key;
        key.revokedAt = now;
        MM_CHECK(m_session->execute(QStringLiteral("UPDATE access_key SET revoked_at = ? WHERE key_id = ?"),
                                    {toStored(now), toText(key.id)}));
        MM_CHECK(changed());
        return key;
    });
}

Result<std::vector<QuotaUse>> KeyStore::quotaUses() {
    std::vector<QuotaUse> uses;
    MM_CHECK(m_session->select(QStringLiteral("SELECT name, allowed, used, at FROM access_quota_use"), {},
                               [&](const QSqlQuery& row) {
                                   uses.push_back({row.value(0).toString().toStdString(), row.value(1).toDouble(),
                                                   row.value(2).toDouble(), fromStored(row.value(3))});
                               }));
    return uses;
}

Result<void> KeyStore::keepQuotaUses(const std::vector<QuotaUse>& uses) {
    const auto written = m_session->transaction<bool>([&]() -> Result<bool> {
        MM_CHECK(m_session->execute(QStringLiteral("DELETE FROM access_quota_use")));
        for (const QuotaUse& use : uses)
            MM_CHECK(m_session->execute(
                QStringLiteral("INSERT INTO access_quota_use (name, allowed, used, at) VALUES (?, ?, ?, ?)"),
                {toText(use.name), use.allowed, use.used, toStored(use.at)}));
        return true;
    });
    return written.ok() ? Result<void>() : Result<void>(written.error());
}

} // namespace mm::access
