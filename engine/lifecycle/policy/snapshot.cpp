#include "engine/lifecycle/policy/snapshot.h"

namespace mm::lifecycle {

bool goesBefore(const Urgency& one, const Urgency& other) {
    return one.priority != other.priority ? one.priority > other.priority : one.since < other.since;
}

} // namespace mm::lifecycle
