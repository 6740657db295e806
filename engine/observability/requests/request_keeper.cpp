#include "engine/observability/requests/request_keeper.h"

#include <utility>

namespace mm::observability {

bool RequestKeeper::isSlow(const v1::QueueEntry& entry) const {
    return entry.state() == v1::REQUEST_STATE_COMPLETED &&
           entry.metadata().total_time_ms() > static_cast<double>(m_slow.count());
}

void RequestKeeper::ended(const v1::QueueEntry& entry) {
    if (entry.state() != v1::REQUEST_STATE_FAILED && !isSlow(entry))
        return;
    if (m_waiting.size() >= m_mostAtOnce) {
        ++m_leftOut;
        return;
    }
    m_waiting.push_back(entry);
}

void RequestKeeper::flush() {
    if (!m_waiting.empty())
        m_keep(std::exchange(m_waiting, {}));
}

} // namespace mm::observability
