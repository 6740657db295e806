#include "engine/access/audit/audit_journal.h"

#include "engine/base/log.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mm::access {
namespace {

namespace v1 = modelmora::v1;

constexpr std::size_t kMostAtOnce = 500;

AuditEntry gapEntry(std::int64_t lost, WallTime now) {
    return {.at = now,
            .client = "modelmora",
            .kind = {},
            .role = {},
            .action = "audit.gap",
            .target = {},
            .outcome = "failed",
            .errorCode = "STORAGE_FULL",
            .message = std::to_string(lost) +
                       " records were lost before this one: they could not be written, and there "
                       "were more than are kept in memory."};
}

} // namespace

Result<std::unique_ptr<AuditJournal>> AuditJournal::open(const store::DatabaseOptions& options, const Clock& clock,
                                                         Executor& replyOn) {
    MM_TRY(auto thread, Thread::start(QStringLiteral("audit"), [&]() -> Result<std::unique_ptr<Desk>> {
               auto desk = std::make_unique<Desk>();
               MM_TRY(desk->store, AuditStore::open(options));
               return desk;
           }));
    return std::unique_ptr<AuditJournal>(new AuditJournal(std::move(thread), clock, replyOn));
}

AuditJournal::AuditJournal(std::unique_ptr<Thread> thread, const Clock& clock, Executor& replyOn)
    : m_clock(clock), m_replyOn(replyOn), m_thread(std::move(thread)) {
    m_state.set_intact(true); // until it has been looked at
}

AuditJournal::~AuditJournal() {
    *m_alive = false;
    m_thread.reset();
}

void AuditJournal::note(AuditEntry entry) {
    m_thread->call<bool>(
        [this, entry = harmless(std::move(entry))](Desk& desk) -> Result<bool> {
            if (desk.waiting.size() >= kMostWaiting)
                ++desk.lost;
            else
                desk.waiting.push_back(entry);
            flush(desk);
            return true;
        },
        m_replyOn, [](const Result<bool>&) {});
}

void AuditJournal::retry() {
    m_thread->call<bool>(
        [this](Desk& desk) -> Result<bool> {
            flush(desk);
            return true;
        },
        m_replyOn, [](const Result<bool>&) {});
}

void AuditJournal::flush(Desk& desk) {
    while (!desk.waiting.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(desk.waiting.size(), kMostAtOnce));
        std::vector<AuditEntry> entries(desk.waiting.begin(), desk.waiting.begin() + count);
        const bool isLast = entries.size() == desk.waiting.size();
        if (isLast && desk.lost > 0)
            entries.push_back(gapEntry(desk.lost, m_clock.wallNow()));
        if (const Result<void> written = desk.store->append(entries); !written.ok()) {
            if (m_isWritable.exchange(false))
                log::write(log::Level::Error, "the audit cannot be written; changes are refused until it can",
                           written.error());
            return;
        }
        desk.waiting.erase(desk.waiting.begin(), desk.waiting.begin() + count);
        if (isLast)
            desk.lost = 0;
    }
    if (!m_isWritable.exchange(true))
        log::info("the audit is written again");
}

void AuditJournal::list(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) {
    m_thread->call<v1::ListAuditResponse>(
        [request = std::move(request)](Desk& desk) { return desk.store->list(request); }, m_replyOn, std::move(reply));
}

void AuditJournal::verify(Reply<v1::AuditVerification> reply) {
    m_thread->call<v1::AuditVerification>(
        [](Desk& desk) { return desk.store->verify(); }, m_replyOn,
        [this, alive = m_alive, reply = std::move(reply)](Result<v1::AuditVerification> found) {
            if (found.ok() && !found->intact())
                log::error("the audit has been tampered with or is damaged",
                           {{"broken_at", found->broken_at()}, {"reason", found->reason()}});
            if (found.ok() && *alive)
                m_state = *found;
            reply(std::move(found));
        });
}

} // namespace mm::access
