// The pieces of an answer on their way from whoever makes them, on any thread, to the connection that sends them, on
// the REST thread. The connection takes them as soon as it hears of them; what is bounded, and by whom, see
// AnswerStream.
#pragma once

#include "engine/rest/answer_stream.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mm::rest::guard {

// How to get to the REST thread; both return false when that has ended.
struct RestThread {
    std::function<bool(std::function<void()>)> run;  // at once when this is it
    std::function<bool(std::function<void()>)> post; // never at once
};

class PieceQueue : public std::enable_shared_from_this<PieceQueue> {
public:
    explicit PieceQueue(RestThread thread) : m_thread(std::move(thread)) {}

    // The writer's side; any thread. See AnswerStream.
    bool write(std::string piece);
    void finish();
    void drop(); // no finish() will come
    [[nodiscard]] std::size_t unsentBytes() const;
    void onRoom(std::size_t bytes, std::function<void()> room);

    // The connection's side; REST thread.
    enum class End { NotYet, Finished, Dropped };
    struct Taken {
        std::vector<std::string> pieces;
        End end = End::NotYet;
    };
    // `more` is called whenever there is something to take.
    void connect(std::function<void()> more) { m_more = std::move(more); }
    Taken take();
    void setWireBytes(std::size_t bytes); // what was taken and has not left
    // Nothing will be taken any more: writers are told.
    void close();

private:
    struct Waiting {
        std::size_t bytes = 0;
        std::function<void()> room;
    };

    void tellConnection();
    void postRooms();
    void runRooms();

    const RestThread m_thread;
    std::function<void()> m_more; // REST thread only

    mutable std::mutex m_mutex; // guards what follows; never held during a call to outside
    std::vector<std::string> m_pieces;
    std::vector<Waiting> m_waiting;
    std::size_t m_queuedBytes = 0;
    std::size_t m_wireBytes = 0;
    End m_end = End::NotYet;
    bool m_isClosed = false;
    bool m_isTold = false; // of pieces that it has not taken yet
};

// The writer's handle: the last one that goes drops the answer.
class PieceStream final : public AnswerStream {
public:
    explicit PieceStream(std::shared_ptr<PieceQueue> queue) : m_queue(std::move(queue)) {}
    ~PieceStream() override { m_queue->drop(); }
    PieceStream(const PieceStream&) = delete;
    PieceStream& operator=(const PieceStream&) = delete;

    bool write(std::string piece) override { return m_queue->write(std::move(piece)); }
    void finish() override { m_queue->finish(); }
    [[nodiscard]] std::size_t unsentBytes() const override { return m_queue->unsentBytes(); }
    void onRoom(std::size_t bytes, std::function<void()> room) override { m_queue->onRoom(bytes, std::move(room)); }

private:
    std::shared_ptr<PieceQueue> m_queue;
};

} // namespace mm::rest::guard
