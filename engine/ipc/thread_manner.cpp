#include "engine/ipc/thread_manner.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace mm::ipc {
namespace {

// The least that the system takes. Since Linux 6.12 it is the slice of a thread of the normal class; before it is not
// looked at.
constexpr std::uint64_t kShortSlice = 100'000;
constexpr std::uint64_t kUsualSlice = 0;

// As the system declares it (linux/sched/types.h), in its first form.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t slice = 0; // nanoseconds
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

void setSlice(std::uint64_t nanoseconds) {
    SchedulingAttributes attributes;
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0)
        return;
    constexpr std::uint32_t kNormal = 0; // SCHED_OTHER: who gave it another class knows why
    if (attributes.policy != kNormal)
        return;
    attributes.size = sizeof attributes;
    attributes.slice = nanoseconds;
    (void)::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

} // namespace

void answerPromptly() {
    setSlice(kShortSlice);
}

void computeSteadily() {
    setSlice(kUsualSlice);
}

} // namespace mm::ipc
