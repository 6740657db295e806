#include "engine/rest/guard/piece_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mm::rest::guard {

bool PieceQueue::write(std::string piece) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed || m_end != End::NotYet)
            return false;
        if (piece.empty())
            return true;
        m_queuedBytes += piece.size();
        m_pieces.push_back(std::move(piece));
        if (std::exchange(m_isTold, true))
            return true;
    }
    tellConnection();
    const std::lock_guard lock(m_mutex);
    return !m_isClosed;
}

void PieceQueue::finish() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed || m_end != End::NotYet)
            return;
        m_end = End::Finished;
        if (std::exchange(m_isTold, true))
            return;
    }
    tellConnection();
}

void PieceQueue::drop() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed || m_end != End::NotYet)
            return;
        m_end = End::Dropped;
        if (std::exchange(m_isTold, true))
            return;
    }
    tellConnection();
}

void PieceQueue::tellConnection() {
    const bool isHeard = m_thread.run([self = shared_from_this()] {
        if (const auto more = self->m_more) // a copy: the connection may let go of it meanwhile
            more();
    });
    if (!isHeard)
        close();
}

std::size_t PieceQueue::unsentBytes() const {
    const std::lock_guard lock(m_mutex);
    return m_queuedBytes + m_wireBytes;
}

void PieceQueue::onRoom(std::size_t bytes, std::function<void()> room) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back({bytes, std::move(room)});
    }
    postRooms();
}

PieceQueue::Taken PieceQueue::take() {
    const std::lock_guard lock(m_mutex);
    m_isTold = false;
    m_wireBytes += std::exchange(m_queuedBytes, 0);
    return {std::exchange(m_pieces, {}), m_end};
}

void PieceQueue::setWireBytes(std::size_t bytes) {
    {
        const std::lock_guard lock(m_mutex);
        m_wireBytes = bytes;
        if (m_waiting.empty())
            return;
    }
    postRooms();
}

void PieceQueue::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        m_pieces.clear();
        m_queuedBytes = m_wireBytes = 0;
        if (m_waiting.empty())
            return;
    }
    postRooms();
}

// Never within the call that made the room: whoever writes in it would go round and round on one stack.
void PieceQueue::postRooms() {
    m_thread.post([self = shared_from_this()] { self->runRooms(); });
}

void PieceQueue::runRooms() {
    std::vector<Waiting> ready;
    {
        const std::lock_guard lock(m_mutex);
        const std::size_t unsent = m_queuedBytes + m_wireBytes;
        const auto first = std::stable_partition(m_waiting.begin(), m_waiting.end(), [&](const Waiting& waiting) {
            return !m_isClosed && unsent > waiting.bytes;
        });
        std::move(first, m_waiting.end(), std::back_inserter(ready));
        m_waiting.erase(first, m_waiting.end());
    }
    for (const Waiting& waiting : ready)
        waiting.room();
}

} // namespace mm::rest::guard
