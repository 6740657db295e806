// What the guarded services share: the decision about one call in the name of its caller, and the caller brought along
// to what its answer leads to. Any thread.
#pragma once

#include "engine/access/gate.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/service/audit/caller.h"

#include <string_view>
#include <utility>

namespace mm::service {

class Guard {
public:
    // Both outlive it.
    Guard(access::Gate& gate, Executor& engine) : m_gate(gate), m_engine(engine) {}

    [[nodiscard]] access::Gate& gate() const { return m_gate; }

    // The reply that goes on in the caller's name, so that what it asks next is asked by the same.
    template <typename T>
    static Reply<T> bring(Reply<T> reply) {
        return [reply = std::move(reply), name = CallerScope::current(),
                identity = CallerScope::identity()](Result<T> result) {
            const CallerScope scope(name, identity);
            reply(std::move(result));
        };
    }

    // On the engine thread, as every reply comes.
    template <typename T>
    void refuse(Reply<T> reply, Error error) const {
        m_engine.post([reply = std::move(reply), error = std::move(error)] { reply(error); });
    }

    // next(reply) where the caller may; its refusal otherwise.
    template <typename T, typename Next>
    void check(access::Operation operation, std::string_view model, Reply<T> reply, Next next) const {
        if (Result<void> allowed = m_gate.decide(CallerScope::identity(), operation, model); !allowed.ok())
            return refuse(std::move(reply), std::move(allowed).error());
        next(bring(std::move(reply)));
    }

private:
    access::Gate& m_gate;
    Executor& m_engine;
};

} // namespace mm::service
