// FrameChannel: frames over one end of a socket pair, read and written by the event loop without ever blocking it. Owns
// the descriptor. What is written within one turn of the loop leaves in one system call; a peer that sends without end
// gets a bounded share of each turn. Engine thread only. The listener may close() the channel from within its calls.
#pragma once

#include "engine/base/result.h"
#include "engine/ipc/frame.h"

#include <QObject>
#include <QSocketNotifier>

#include <string>
#include <string_view>

namespace mm::lifecycle {

class FrameChannel {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void onFrame(std::string_view payload) = 0;
        // The stream cannot be read any more: a length over the limit.
        virtual void onBrokenStream(const Error& error) = 0;
        // The peer has closed its end. Last call.
        virtual void onEndOfStream() = 0;
    };

    // `socket` must be non-blocking.
    FrameChannel(int socket, Listener& listener);
    ~FrameChannel() { close(); }
    FrameChannel(const FrameChannel&) = delete;
    FrameChannel& operator=(const FrameChannel&) = delete;

    // `append` is given the bytes that still have to leave, to add one frame to; its error is returned.
    template <typename Append>
    Result<void> write(Append&& append) {
        MM_CHECK(append(m_out));
        flushLater();
        return {};
    }

    // Bytes that the peer has not taken yet.
    [[nodiscard]] std::size_t unsent() const { return m_out.size() - m_sent; }
    [[nodiscard]] bool isOpen() const { return m_socket >= 0; }
    void close();

private:
    void flushLater();
    void flush();
    void read();
    bool deliver();

    int m_socket;
    Listener& m_listener;
    QSocketNotifier m_readable;
    QSocketNotifier m_writable;
    QObject m_turn; // receives the wish to flush at the end of a turn
    ipc::FrameReader m_reader;
    std::string m_out;
    std::size_t m_sent = 0;
    bool m_flushWanted = false;
};

} // namespace mm::lifecycle
