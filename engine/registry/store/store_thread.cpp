#include "engine/registry/store/store_thread.h"

#include <optional>

namespace mm::registry {

StoreThread::StoreThread() : m_executor(std::make_unique<QtExecutor>()) {
    m_thread.setObjectName(QStringLiteral("registry-store"));
    m_executor->moveToThread(&m_thread);
    m_thread.start();
}

void StoreThread::runAndWait(const std::function<void()>& work) {
    m_executor->runAndWait(work);
}

Result<std::unique_ptr<StoreThread>> StoreThread::start(const StoreFactory& factory) {
    std::unique_ptr<StoreThread> thread(new StoreThread);
    std::optional<Error> failure;
    thread->runAndWait([&] {
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

StoreThread::~StoreThread() {
    runAndWait([this] { m_store.reset(); });
    m_thread.quit();
    m_thread.wait();
}

} // namespace mm::registry
