// The way from any thread to the REST thread that a connection lives on, and to its pool. Shared by all exchanges, so
// it may outlive both: once closed, everything that is sent is dropped.
#pragma once

#include "engine/base/executor.h"
#include "engine/rest/answer.h"
#include "engine/rest/guard/piece_queue.h"

#include <QThreadPool>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace mm::rest {

// The receiving end; lives on the executor's thread.
class ExchangeFront {
public:
    virtual ~ExchangeFront() = default;
    virtual void complete(std::uint64_t exchange, Answer answer) = 0;
    virtual void completeInPieces(std::uint64_t exchange, const Answer& head,
                                  std::shared_ptr<guard::PieceQueue> pieces) = 0;
    virtual void watchClient(std::uint64_t exchange, std::function<void()> left) = 0;
};

class FrontLink : public std::enable_shared_from_this<FrontLink> {
public:
    FrontLink(ExchangeFront& front, Executor& executor, QThreadPool& pool)
        : m_front(&front), m_executor(executor), m_pool(pool) {}

    void complete(std::uint64_t exchange, Answer answer);
    std::shared_ptr<AnswerStream> completeInPieces(std::uint64_t exchange, Answer head);
    void watchClient(std::uint64_t exchange, std::function<void()> left);
    // On the REST thread: at once when this is it, or later in any case. False when there is none any more.
    bool runHere(std::function<void()> task);
    bool post(std::function<void()> task);
    void runInPool(std::function<void()> task);

    [[nodiscard]] bool isOpen();
    // On the REST thread. Nothing reaches front, executor or pool afterwards.
    void close();

private:
    std::mutex m_mutex; // guards m_front against close(); never held while a task runs
    ExchangeFront* m_front;
    Executor& m_executor;
    QThreadPool& m_pool;
};

} // namespace mm::rest
