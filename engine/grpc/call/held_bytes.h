// How much the streams of a server hold of requests under way and answers that wait for their readers, in all. Streams
// add and drop, and read no further while it is too much. Any thread.
#pragma once

#include <atomic>
#include <cstddef>

namespace mm::grpc_face {

class HeldBytes {
public:
    explicit HeldBytes(std::size_t limit) : m_limit(limit) {}

    void add(std::size_t bytes) { m_bytes.fetch_add(bytes, std::memory_order_relaxed); }
    void drop(std::size_t bytes) { m_bytes.fetch_sub(bytes, std::memory_order_relaxed); }
    [[nodiscard]] bool hasRoom() const { return m_bytes.load(std::memory_order_relaxed) < m_limit; }

private:
    std::atomic<std::size_t> m_bytes{0};
    std::size_t m_limit;
};

} // namespace mm::grpc_face
