// StreamReader: reads one server stream on gRPC's threads and hands what has come to the GUI, all of it at once, so
// that a busy GUI is asked once and not a thousand times. Ends itself.
#pragma once

#include <grpcpp/support/client_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mm::gui {

template <typename Request, typename Message>
class StreamReader final : public grpc::ClientReadReactor<Message> {
public:
    using Post = std::function<void(std::function<void()>)>;

    // `came` and `over` are called by what `post` is given; `finished` is called last of all, from gRPC's threads.
    StreamReader(Request request, Post post, std::function<void(std::vector<Message>)> came,
                 std::function<void(const grpc::Status&)> over, std::function<void()> finished)
        : m_request(std::move(request))
        , m_shared(std::make_shared<Shared>())
        , m_post(std::move(post))
        , m_over(std::move(over))
        , m_finished(std::move(finished)) {
        m_shared->came = std::move(came);
    }

    [[nodiscard]] const Request* request() const { return &m_request; }

    void start() {
        this->StartRead(&m_message);
        this->StartCall();
    }

private:
    struct Shared {
        std::mutex mutex;
        std::vector<Message> waiting;
        std::function<void(std::vector<Message>)> came;
    };

    void OnReadDone(bool ok) override {
        if (!ok)
            return;
        bool isFirst = false;
        {
            const std::lock_guard lock(m_shared->mutex);
            isFirst = m_shared->waiting.empty();
            m_shared->waiting.push_back(std::move(m_message));
        }
        m_message = Message();
        if (isFirst)
            m_post([shared = m_shared] {
                std::vector<Message> messages;
                {
                    const std::lock_guard lock(shared->mutex);
                    messages.swap(shared->waiting);
                }
                shared->came(std::move(messages));
            });
        this->StartRead(&m_message);
    }

    void OnDone(const grpc::Status& status) override {
        m_post([over = std::move(m_over), status] { over(status); });
        const auto finished = std::move(m_finished);
        delete this;
        finished();
    }

    const Request m_request;
    const std::shared_ptr<Shared> m_shared;
    const Post m_post;
    std::function<void(const grpc::Status&)> m_over;
    std::function<void()> m_finished;
    Message m_message;
};

} // namespace mm::gui
