#include "worker/runtime/large_memory.h"

#include "worker/runtime/failure.h"

#include <sys/mman.h>

#include <algorithm>

namespace mm::worker {

namespace {
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kBlock = std::size_t{64} << 20; // reserved address space; pages come with the first write
constexpr std::size_t kAlignment = 64;
} // namespace

LargeMemory::~LargeMemory() {
    release();
}

void* LargeMemory::take(std::size_t bytes) {
    bytes = (std::max<std::size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
    if (bytes > m_left) {
        const std::size_t size = (std::max(bytes, kBlock) + kHugePage - 1) / kHugePage * kHugePage;
        // One huge page more, so that the block can start on a huge page's border.
        void* start =
            mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start == MAP_FAILED)
            throw Failure(ErrorCode::InsufficientMemory,
                          "the system refused " + std::to_string(size >> 20) + " MiB for weights or scratch memory",
                          {{"bytes", static_cast<std::int64_t>(size)}});
        m_blocks.push_back({start, size + kHugePage});
        const std::size_t past = reinterpret_cast<std::uintptr_t>(start) % kHugePage;
        m_next = static_cast<std::byte*>(start) + (past == 0 ? 0 : kHugePage - past);
        m_left = size;
        madvise(m_next, size, MADV_HUGEPAGE); // a wish: without huge pages everything works, more slowly
    }
    void* piece = m_next;
    m_next += bytes;
    m_left -= bytes;
    m_bytes += bytes;
    return piece;
}

void LargeMemory::release() {
    for (const Block& block : m_blocks)
        munmap(block.start, block.size);
    m_blocks.clear();
    m_next = nullptr;
    m_left = 0;
    m_bytes = 0;
}

} // namespace mm::worker
