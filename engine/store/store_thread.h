// A thread for a store of any kind (an interface whose calls block), and the store on it: calls are run there in order,
// answers are posted back to the executor of the caller's choice. Owned by whoever owns the state that is stored. The
// destructor runs what was called before it, then closes the store.
#pragma once

#include "engine/base/executor.h"
#include "engine/base/qt_executor.h"
#include "engine/base/reply.h"

#include <QThread>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace mm::store {

template <typename Store>
class StoreThread {
public:
    // Called on the store's thread, once.
    using Factory = std::function<Result<std::unique_ptr<Store>>()>;

    // Blocks until the store is open or has failed to. `name` is what the system's tools show the thread as.
    static Result<std::unique_ptr<StoreThread>> start(const QString& name, const Factory& factory) {
        std::unique_ptr<StoreThread> thread(new StoreThread(name));
        std::optional<Error> failure;
        thread->m_executor->runAndWait([&] {
            auto store = factory();
            if (store.ok())
                thread->m_store = std::move(*store);
            else
                failure = std::move(store).error();
        });
        if (failure)
            return std::move(*failure);
        return thread;
    }

    ~StoreThread() {
        m_executor->runAndWait([this] { m_store.reset(); });
        m_thread.quit();
        m_thread.wait();
    }
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    template <typename T>
    void call(std::function<Result<T>(Store&)> work, Executor& replyOn, Reply<T> reply) {
        m_executor->post([this, work = std::move(work), &replyOn, reply = std::move(reply)]() mutable {
            auto answer = std::make_shared<Result<T>>(work(*m_store));
            replyOn.post([reply = std::move(reply), answer] { reply(std::move(*answer)); });
        });
    }
    // The answer to one call, for use before there is an event loop to wait in.
    template <typename T>
    Result<T> callBlocking(std::function<Result<T>(Store&)> work) {
        std::optional<Result<T>> answer;
        m_executor->runAndWait([&] { answer.emplace(work(*m_store)); });
        return std::move(*answer);
    }

private:
    explicit StoreThread(const QString& name) : m_executor(std::make_unique<QtExecutor>()) {
        m_thread.setObjectName(name);
        m_executor->moveToThread(&m_thread);
        m_thread.start();
    }

    QThread m_thread;
    std::unique_ptr<QtExecutor> m_executor; // lives on m_thread
    std::unique_ptr<Store> m_store;         // touched on m_thread only
};

} // namespace mm::store
