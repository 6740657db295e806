// CallRegistry: the calls that are under way, so that whoever made them can end them all and wait until the last of
// gRPC's threads has left. Any thread.
#pragma once

#include <grpcpp/client_context.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace mm::gui {

class CallRegistry {
public:
    // One call. Its context lives until the call has ended and everybody has let go.
    struct Entry {
        grpc::ClientContext context;

        // Whoever asked does not want to hear of it any more.
        void letGo() {
            m_letGo = true;
            context.TryCancel();
        }
        [[nodiscard]] bool isLetGo() const { return m_letGo; }

    private:
        std::atomic<bool> m_letGo = false;
    };

    std::shared_ptr<Entry> begin();
    // The last word of a call: nothing of its owner is touched by it after this.
    void finish(const std::shared_ptr<Entry>& entry);
    void letGoOfAll();
    void waitUntilNoneIsLeft();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::unordered_set<std::shared_ptr<Entry>> m_entries;
};

} // namespace mm::gui
