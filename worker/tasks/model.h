// A loaded model as the session sees it: a stepper. The I/O thread prepares requests (checks, tokenises) piece by
// piece, the compute thread admits them and calls step() until nothing is left; cancelling is just not stepping on.
// Each method says which thread calls it. Everything may throw Failure; the session answers it.
#pragma once

#include "modelmora/v1/inference.pb.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace mm::worker {

// One request between its arrival and its admission. I/O thread; handed over whole.
class Preparation {
public:
    // A priority that was not given is normal.
    Preparation(std::uint64_t id, modelmora::v1::Priority priority)
        : m_id(id)
        , m_priority(priority == modelmora::v1::PRIORITY_UNSPECIFIED ? modelmora::v1::PRIORITY_NORMAL : priority) {}
    virtual ~Preparation() = default;

    [[nodiscard]] std::uint64_t id() const { return m_id; }
    [[nodiscard]] modelmora::v1::Priority priority() const { return m_priority; }
    // Does some milliseconds of work at most; true once the request is ready to be admitted.
    virtual bool advance() = 0;
    // What it keeps in memory, for bounds on what may wait.
    [[nodiscard]] virtual std::size_t bytes() const = 0;

private:
    std::uint64_t m_id;
    modelmora::v1::Priority m_priority;
};

class Model {
public:
    using Output = modelmora::worker::v1::Output;

    virtual ~Model() = default;

    // I/O thread. Throws at once what can be seen at once: wrong input, wrong parameters.
    virtual std::unique_ptr<Preparation> prepare(std::uint64_t id, modelmora::v1::InferenceRequest request) = 0;

    // Compute thread from here on. admit() takes what prepare() gave and advance() finished.
    virtual void admit(std::unique_ptr<Preparation> request) = 0;
    // Forgets the request; false where it is unknown, having finished before.
    virtual bool cancel(std::uint64_t id) = 0;
    // One bounded piece of work on what is admitted, the highest priority first; what it finished is appended.
    virtual void step(std::vector<Output>& finished) = 0;
    [[nodiscard]] virtual bool idle() const = 0;
    // Of what the next step computes.
    [[nodiscard]] virtual modelmora::v1::Priority nextPriority() const = 0;
    // After a step() that ran out of memory: puts back what it took and makes the next steps smaller; false where it
    // was as small as can be.
    virtual bool retrySmaller() = 0;
    // After a step() that threw: forgets the requests it was working on and names them.
    virtual std::vector<std::uint64_t> dropFailed() = 0;
    [[nodiscard]] virtual int running() const = 0;

    // Fills in everything about itself but the memory.
    virtual void describe(modelmora::worker::v1::Loaded& loaded) const = 0;
};

} // namespace mm::worker
