// KeyKeeper: makes, changes and lists keys on the database's thread, and keeps the ring as the table is, also where the
// table was changed by another program. Keeps what they have used of their quotas there as well, and reads it at the
// start. Made on the engine thread, which the replies come on.
#pragma once

#include "engine/access/keys/key_ring.h"
#include "engine/access/keys/key_store.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/store/store_thread.h"

#include <memory>
#include <string>

namespace mm::access {

class KeyKeeper {
public:
    // Blocks until the keys are read. All but the options outlive the keeper.
    static Result<std::unique_ptr<KeyKeeper>> open(const store::DatabaseOptions& options, KeyRing& ring,
                                                   const Clock& clock, Executor& replyOn);
    // Writes what has been used of the quotas.
    ~KeyKeeper();
    KeyKeeper(const KeyKeeper&) = delete;
    KeyKeeper& operator=(const KeyKeeper&) = delete;

    void create(v1::CreateKeyRequest request, std::string by, Reply<v1::IssuedKey> reply);
    void list(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply);
    void rotate(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply);
    void revoke(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply);
    // Reads the table again where somebody else has changed it; cheap where not.
    void refresh();
    // Writes what has been used of the quotas, where that has changed since; called every few seconds, which is what an
    // engine that is killed forgets.
    void keepQuotas();

private:
    // On the store's thread only.
    struct Desk {
        std::unique_ptr<KeyStore> store;
        std::int64_t revision = -1;
        std::vector<QuotaUse> kept; // as it was last written
    };
    using Thread = store::StoreThread<Desk>;

    KeyKeeper(KeyRing& ring, const Clock& clock, Executor& replyOn)
        : m_ring(ring), m_clock(clock), m_replyOn(replyOn) {}
    Result<void> reload(Desk& desk);
    Result<void> takeQuotasBack(Desk& desk);
    void keepQuotas(Desk& desk);
    // change(store), then the ring as the table is now.
    template <typename T, typename Change>
    void changing(Change change, Reply<T> reply);

    KeyRing& m_ring;
    const Clock& m_clock;
    Executor& m_replyOn;
    std::unique_ptr<Thread> m_thread;
};

} // namespace mm::access
