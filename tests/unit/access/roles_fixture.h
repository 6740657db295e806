// A gate that knows one key for each role; the keys' secrets are their roles' names.
#pragma once

#include "engine/access/gate.h"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mm::test {

class RolesFixture {
public:
    RolesFixture()
        : m_gate({.clock = m_clock,
                  .key = [this](std::string_view secret) { return identityOf(secret); },
                  .refused =
                      [this](access::Refused refusal) {
                          const std::lock_guard lock(m_mutex);
                          m_refusals.push_back(std::move(refusal));
                      }}) {}

    access::Gate& gate() { return m_gate; }
    std::vector<access::Refused> refusals() {
        const std::lock_guard lock(m_mutex);
        return m_refusals;
    }

    static constexpr std::array<std::string_view, 4> kRoles{"viewer", "user", "operator", "admin"};

private:
    static Result<access::IdentityPtr> identityOf(std::string_view secret) {
        const auto role = access::roleFromName(secret);
        if (!role)
            return Error{ErrorCode::Unauthenticated, "No such key."};
        auto identity = std::make_shared<access::Identity>();
        identity->name = std::string(secret) + "-key";
        identity->role = *role;
        return access::IdentityPtr(std::move(identity));
    }

    SystemClock m_clock;
    std::mutex m_mutex;
    std::vector<access::Refused> m_refusals;
    access::Gate m_gate;
};

} // namespace mm::test
