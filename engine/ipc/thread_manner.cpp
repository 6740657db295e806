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

// Where the system lets us, a thread that answers weighs ten times one that computes (nice -10): else it has its share
// after a burst of answers, and the next one waits for a whole slice of what computes. Only between these two: who gave
// the program another niceness knows why.
constexpr std::int32_t kUsualNice = 0;
constexpr std::int32_t kAnsweringNice = -10;

bool set(SchedulingAttributes attributes) {
    return ::syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
}

void change(std::uint64_t slice, std::int32_t fromNice, std::int32_t toNice) {
    SchedulingAttributes attributes;
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0)
        return;
    constexpr std::uint32_t kNormal = 0; // SCHED_OTHER: who gave it another class knows why
    if (attributes.policy != kNormal)
        return;
    attributes.size = sizeof attributes;
    attributes.slice = slice;
    const std::int32_t nice = attributes.nice;
    attributes.nice = nice == fromNice ? toNice : nice;
    if (set(attributes) || attributes.nice == nice)
        return;
    attributes.nice = nice;
    (void)set(attributes);
}

} // namespace

void answerPromptly() {
    change(kShortSlice, kUsualNice, kAnsweringNice);
}

void computeSteadily() {
    change(kUsualSlice, kAnsweringNice, kUsualNice);
}

} // namespace mm::ipc
