#include "engine/rest/front_link.h"

#include "engine/ipc/thread_manner.h"

#include <memory>

namespace mm::rest {

bool FrontLink::runHere(std::function<void()> task) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_front)
            return false;
        if (!m_executor.isCurrent()) {
            m_executor.post(std::move(task));
            return true;
        }
    }
    task(); // on the REST thread, which alone can close
    return true;
}

bool FrontLink::post(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    if (m_front)
        m_executor.post(std::move(task));
    return m_front != nullptr;
}

void FrontLink::runInPool(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    if (m_front)
        m_pool.start([task = std::move(task)] {
            ipc::computeSteadily(); // what is long enough to be here gives way to what is not
            task();
        });
}

void FrontLink::complete(std::uint64_t exchange, Answer answer) {
    bool isHere = false;
    {
        const std::lock_guard lock(m_mutex);
        isHere = m_front && m_executor.isCurrent();
    }
    if (isHere) // most answers; no task is made for them
        return m_front->complete(exchange, std::move(answer));
    auto kept = std::make_shared<Answer>(std::move(answer)); // a task must be copyable; an answer may be large
    runHere([this, exchange, kept] {
        if (m_front)
            m_front->complete(exchange, std::move(*kept));
    });
}

std::shared_ptr<AnswerStream> FrontLink::completeInPieces(std::uint64_t exchange, Answer head) {
    const auto pieces = std::make_shared<guard::PieceQueue>(guard::RestThread{
        [link = shared_from_this()](std::function<void()> task) { return link->runHere(std::move(task)); },
        [link = shared_from_this()](std::function<void()> task) { return link->post(std::move(task)); }});
    const bool isHeard = runHere([this, exchange, pieces, head = std::move(head)] {
        if (m_front)
            m_front->completeInPieces(exchange, head, pieces);
        else
            pieces->close();
    });
    if (!isHeard)
        pieces->close();
    return std::make_shared<guard::PieceStream>(pieces);
}

void FrontLink::watchClient(std::uint64_t exchange, std::function<void()> left) {
    runHere([this, exchange, left = std::move(left)]() mutable {
        if (m_front)
            m_front->watchClient(exchange, std::move(left));
    });
}

bool FrontLink::isOpen() {
    const std::lock_guard lock(m_mutex);
    return m_front != nullptr;
}

void FrontLink::close() {
    const std::lock_guard lock(m_mutex);
    m_front = nullptr;
}

} // namespace mm::rest
