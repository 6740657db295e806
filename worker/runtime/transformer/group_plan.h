// How a batch is shared among threads. Alone: each thread takes groups of sequences through the whole model and nobody
// waits for anybody. Together: all threads work on every matrix of the same tokens, for few tokens or very unequal
// sequences. Pure, any thread; no tensor library.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mm::worker {

struct SequenceGroup {
    std::int32_t first = 0; // sequences first..last - 1
    std::int32_t last = 0;
    std::int32_t tokens = 0;
};

struct GroupPlan {
    bool together = false;
    std::vector<SequenceGroup> groups; // most tokens first
};

// offsets as in PackedBatch.
GroupPlan planGroups(std::span<const std::int32_t> offsets, int threads);

// Part of a range of units that one of several members takes: begin..end - 1.
struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};
inline Range shareOf(std::int64_t units, std::int64_t member, std::int64_t members) {
    return {units * member / members, units * (member + 1) / members};
}

} // namespace mm::worker
