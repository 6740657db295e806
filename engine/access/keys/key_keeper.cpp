#include "engine/access/keys/key_keeper.h"

#include "engine/base/log.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace mm::access {
namespace {

// Not where all of it is what time alone has made of what was written.
bool hasNews(const std::vector<QuotaUse>& uses, const std::vector<QuotaUse>& kept) {
    constexpr double kSame = 1e-3; // a millisecond of compute
    if (uses.size() > kept.size())
        return true;
    return std::any_of(uses.begin(), uses.end(), [&](const QuotaUse& use) {
        const auto known =
            std::find_if(kept.begin(), kept.end(), [&](const QuotaUse& each) { return each.name == use.name; });
        return known == kept.end() || known->allowed != use.allowed ||
               std::abs(usedAt(*known, use.at) - use.used) > kSame;
    });
}

} // namespace

Result<std::unique_ptr<KeyKeeper>> KeyKeeper::open(const store::DatabaseOptions& options, KeyRing& ring,
                                                   const Clock& clock, Executor& replyOn) {
    std::unique_ptr<KeyKeeper> keeper(new KeyKeeper(ring, clock, replyOn));
    MM_TRY(keeper->m_thread, Thread::start(QStringLiteral("access-keys"), [&]() -> Result<std::unique_ptr<Desk>> {
               auto desk = std::make_unique<Desk>();
               MM_TRY(desk->store, KeyStore::open(options));
               MM_CHECK(keeper->reload(*desk));
               MM_CHECK(keeper->takeQuotasBack(*desk));
               return desk;
           }));
    return keeper;
}

KeyKeeper::~KeyKeeper() {
    if (m_thread)
        std::ignore = m_thread->callBlocking<bool>([this](Desk& desk) -> Result<bool> {
            keepQuotas(desk);
            return true;
        });
}

Result<void> KeyKeeper::reload(Desk& desk) {
    MM_TRY(const std::int64_t revision, desk.store->revision());
    if (revision == desk.revision)
        return {};
    MM_TRY(const std::vector<ApiKey> keys, desk.store->all());
    m_ring.replace(keys, m_clock.now());
    desk.revision = revision;
    return {};
}

Result<void> KeyKeeper::takeQuotasBack(Desk& desk) {
    MM_TRY(desk.kept, desk.store->quotaUses());
    m_ring.takeBack(desk.kept, m_clock.now(), m_clock.wallNow());
    return {};
}

void KeyKeeper::keepQuotas(Desk& desk) {
    std::vector<QuotaUse> uses = m_ring.quotaUses(m_clock.now(), m_clock.wallNow());
    if (!hasNews(uses, desk.kept))
        return;
    if (const Result<void> written = desk.store->keepQuotaUses(uses); !written.ok())
        return log::write(log::Level::Error, "what keys have used of their quotas could not be written",
                          written.error());
    desk.kept = std::move(uses);
}

void KeyKeeper::keepQuotas() {
    m_thread->call<bool>(
        [this](Desk& desk) -> Result<bool> {
            keepQuotas(desk);
            return true;
        },
        m_replyOn, [](const Result<bool>&) {});
}

template <typename T, typename Change>
void KeyKeeper::changing(Change change, Reply<T> reply) {
    m_thread->call<T>(
        [this, change = std::move(change)](Desk& desk) -> Result<T> {
            Result<T> changed = change(*desk.store);
            // A secret is told once, so what was done is told even where it takes effect only with the next refresh().
            if (const Result<void> read = reload(desk); !read.ok())
                log::write(log::Level::Error, "keys were changed and cannot be read again yet", read.error());
            return changed;
        },
        m_replyOn, std::move(reply));
}

void KeyKeeper::create(v1::CreateKeyRequest request, std::string by, Reply<v1::IssuedKey> reply) {
    changing<v1::IssuedKey>(
        [this, request = std::move(request), by = std::move(by)](KeyStore& store) -> Result<v1::IssuedKey> {
            MM_TRY(const IssuedKey issued, store.create(request, m_clock.wallNow(), by));
            return toProto(issued, m_clock.wallNow());
        },
        std::move(reply));
}

void KeyKeeper::list(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) {
    m_thread->call<v1::ListKeysResponse>(
        [this, isAll = request.all()](Desk& desk) -> Result<v1::ListKeysResponse> {
            MM_TRY(const std::vector<ApiKey> keys, desk.store->all());
            v1::ListKeysResponse listed;
            for (const ApiKey& key : keys)
                if (isAll || (!key.isRevoked() && !key.isExpired(m_clock.wallNow())))
                    *listed.add_keys() = toProto(key, m_clock.wallNow());
            return listed;
        },
        m_replyOn, std::move(reply));
}

void KeyKeeper::rotate(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) {
    changing<v1::IssuedKey>(
        [this, request = std::move(request)](KeyStore& store) -> Result<v1::IssuedKey> {
            MM_TRY(const IssuedKey issued, store.rotate(request, m_clock.wallNow()));
            return toProto(issued, m_clock.wallNow());
        },
        std::move(reply));
}

void KeyKeeper::revoke(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) {
    changing<v1::ApiKey>(
        [this, request = std::move(request)](KeyStore& store) -> Result<v1::ApiKey> {
            MM_TRY(const ApiKey key, store.revoke(request.key(), m_clock.wallNow()));
            return toProto(key, m_clock.wallNow());
        },
        std::move(reply));
}

void KeyKeeper::refresh() {
    m_thread->call<bool>(
        [this](Desk& desk) -> Result<bool> {
            if (const Result<void> read = reload(desk); !read.ok())
                log::write(log::Level::Error, "the keys could not be read again", read.error());
            return true;
        },
        m_replyOn, [](const Result<bool>&) {});
}

} // namespace mm::access
