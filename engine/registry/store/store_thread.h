// A thread for a ModelStore, and the store on it: calls are run there in order, answers are posted back to the executor
// of the caller's choice. Owned by the catalogue. The destructor runs what was called before it, then closes the store.
#pragma once

#include "engine/base/executor.h"
#include "engine/base/qt_executor.h"
#include "engine/base/reply.h"
#include "engine/registry/store/model_store.h"

#include <QThread>

#include <functional>
#include <memory>

namespace mm::registry {

// Called on the store's thread, once.
using StoreFactory = std::function<Result<std::unique_ptr<ModelStore>>()>;

class StoreThread {
public:
    // Blocks until the store is open or has failed to.
    static Result<std::unique_ptr<StoreThread>> start(const StoreFactory& factory);
    ~StoreThread();

    template <typename T>
    void call(std::function<Result<T>(ModelStore&)> work, Executor& replyOn, Reply<T> reply) {
        m_executor->post([this, work = std::move(work), &replyOn, reply = std::move(reply)]() mutable {
            auto answer = std::make_shared<Result<T>>(work(*m_store));
            replyOn.post([reply = std::move(reply), answer] { reply(std::move(*answer)); });
        });
    }
    // The answer to one call, for use before there is an event loop to wait in.
    template <typename T>
    Result<T> callBlocking(std::function<Result<T>(ModelStore&)> work) {
        std::optional<Result<T>> answer;
        runAndWait([&] { answer.emplace(work(*m_store)); });
        return std::move(*answer);
    }

private:
    StoreThread();
    void runAndWait(const std::function<void()>& work);

    QThread m_thread;
    std::unique_ptr<QtExecutor> m_executor; // lives on m_thread
    std::unique_ptr<ModelStore> m_store;    // touched on m_thread only
};

} // namespace mm::registry
