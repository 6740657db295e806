#include "gui/client/call_registry.h"

namespace mm::gui {

std::shared_ptr<CallRegistry::Entry> CallRegistry::begin() {
    auto entry = std::make_shared<Entry>();
    const std::lock_guard lock(m_mutex);
    m_entries.insert(entry);
    return entry;
}

void CallRegistry::finish(const std::shared_ptr<Entry>& entry) {
    const std::lock_guard lock(m_mutex);
    m_entries.erase(entry);
    m_changed.notify_all();
}

void CallRegistry::letGoOfAll() {
    std::unordered_set<std::shared_ptr<Entry>> entries;
    {
        const std::lock_guard lock(m_mutex);
        entries = m_entries;
    }
    for (const auto& entry : entries) // outside of the lock: gRPC may end a call from within
        entry->letGo();
}

void CallRegistry::waitUntilNoneIsLeft() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_entries.empty(); });
}

} // namespace mm::gui
