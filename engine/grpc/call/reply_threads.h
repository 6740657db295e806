// The gRPC face's own threads: replies come on the engine thread and are encoded and sent from here, so that a large
// answer costs the engine nothing. post() is safe from any thread; tasks may run side by side and must not throw.
// Shared by every open call: a reply that comes after stop() finds the threads gone and is dropped.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mm::grpc_face {

class ReplyThreads {
public:
    explicit ReplyThreads(int count);
    ~ReplyThreads();
    ReplyThreads(const ReplyThreads&) = delete;
    ReplyThreads& operator=(const ReplyThreads&) = delete;

    void post(std::function<void()> task);
    // Runs what is waiting, then ends the threads. Not from one of them.
    void stop();

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_tasks;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace mm::grpc_face
