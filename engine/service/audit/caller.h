// Who calls, for the audit: set by a face around its calls into the services, on whichever thread it makes them; what
// goes on on another thread must bring the name along and set it there. Not an identity to be trusted: what the client
// calls itself, or where it calls from.
#pragma once

#include <string>
#include <utility>

namespace mm::service {

class CallerScope {
public:
    explicit CallerScope(std::string client) : m_before(std::exchange(slot(), std::move(client))) {}
    ~CallerScope() { slot() = std::move(m_before); }
    CallerScope(const CallerScope&) = delete;
    CallerScope& operator=(const CallerScope&) = delete;

    // Of the innermost scope of this thread; empty without one.
    [[nodiscard]] static const std::string& current() { return slot(); }

private:
    static std::string& slot() {
        thread_local std::string client;
        return client;
    }

    std::string m_before;
};

} // namespace mm::service
