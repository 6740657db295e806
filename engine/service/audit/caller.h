// Who calls, for the services: set by a face around its calls into them, on whichever thread it makes them; what goes
// on on another thread must bring the caller along and set it there. Without access control the name is what the client
// calls itself, or where it calls from, and no identity to be trusted; with it, it is that of the verified identity.
#pragma once

#include "engine/access/identity.h"

#include <string>
#include <utility>

namespace mm::service {

struct Caller {
    std::string name;
    access::IdentityPtr identity = nullptr;
};

class CallerScope {
public:
    explicit CallerScope(std::string client, access::IdentityPtr identity = nullptr)
        : m_before(std::exchange(slot(), Caller{std::move(client), std::move(identity)})) {}
    ~CallerScope() { slot() = std::move(m_before); }
    CallerScope(const CallerScope&) = delete;
    CallerScope& operator=(const CallerScope&) = delete;

    // Of the innermost scope of this thread; empty without one.
    [[nodiscard]] static const std::string& current() { return slot().name; }
    [[nodiscard]] static const access::IdentityPtr& identity() { return slot().identity; }

private:
    static Caller& slot() {
        thread_local Caller caller;
        return caller;
    }

    Caller m_before;
};

} // namespace mm::service
