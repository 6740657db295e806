// Zeroed, 64-byte aligned memory in large blocks that asks the kernel for huge pages: weights and scratch are walked
// end to end, and with small pages address translation costs more than the arithmetic of a short text. Throws Failure(
// InsufficientMemory). Pieces live as long as the arena. One thread while allocating; reading from any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mm::worker {

class LargeMemory {
public:
    LargeMemory() = default;
    ~LargeMemory();
    LargeMemory(const LargeMemory&) = delete;
    LargeMemory& operator=(const LargeMemory&) = delete;

    void* take(std::size_t bytes);
    template <typename T>
    T* takeArray(std::int64_t count) {
        return static_cast<T*>(take(static_cast<std::size_t>(count) * sizeof(T)));
    }
    void release();
    // What was taken, not what was reserved.
    [[nodiscard]] std::int64_t bytes() const { return static_cast<std::int64_t>(m_bytes); }

private:
    struct Block {
        void* start;
        std::size_t size;
    };
    std::vector<Block> m_blocks;
    std::byte* m_next = nullptr;
    std::size_t m_left = 0;
    std::size_t m_bytes = 0;
};

} // namespace mm::worker
