// AuditJournal: takes entries from any thread and brings them to the disk, in order, on a thread of its own. Where that
// cannot be done (a full disk) nothing is lost silently: entries wait in memory, what no longer fits is counted and
// told in the chain, and isWritable() is false, by which changes are refused until it is put right. Made and asked on
// the engine thread, apart from note() and isWritable().
#pragma once

#include "engine/access/audit/audit_store.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/store/store_thread.h"

#include <atomic>
#include <deque>
#include <memory>

namespace mm::access {

class AuditJournal {
public:
    static constexpr std::size_t kMostWaiting = 10'000;

    // Blocks while the database is opened. `replyOn` outlives the journal.
    static Result<std::unique_ptr<AuditJournal>> open(const store::DatabaseOptions& options, const Clock& clock,
                                                      Executor& replyOn);
    // What was noted before is written first.
    ~AuditJournal();

    void note(AuditEntry entry);
    [[nodiscard]] bool isWritable() const { return m_isWritable; }
    // Tries again to write what waits.
    void retry();

    void list(modelmora::v1::ListAuditRequest request, Reply<modelmora::v1::ListAuditResponse> reply);
    // Reads the chain anew, keeps what it found for state(), and logs a chain that is broken.
    void verify(Reply<modelmora::v1::AuditVerification> reply);
    // As the last verification found it. Engine thread.
    [[nodiscard]] const modelmora::v1::AuditVerification& state() const { return m_state; }

private:
    // On the store's thread only.
    struct Desk {
        std::unique_ptr<AuditStore> store;
        std::deque<AuditEntry> waiting;
        std::int64_t lost = 0;
    };
    using Thread = store::StoreThread<Desk>;

    AuditJournal(std::unique_ptr<Thread> thread, const Clock& clock, Executor& replyOn);
    void flush(Desk& desk);

    const Clock& m_clock;
    Executor& m_replyOn;
    std::atomic<bool> m_isWritable = true;
    modelmora::v1::AuditVerification m_state;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); // engine thread
    std::unique_ptr<Thread> m_thread;
};

} // namespace mm::access
