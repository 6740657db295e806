// PackedStream: an answer in pieces that is packed on its way, on the threads that write it. What the client has not
// read counts as it is sent, so that whoever makes the answer is held up by a slow reader as without it. Any thread.
#pragma once

#include "engine/rest/answer_stream.h"
#include "engine/rest/semantics/content_coding.h"

#include <memory>
#include <mutex>

namespace mm::rest::semantics {

class PackedStream final : public AnswerStream {
public:
    PackedStream(std::shared_ptr<AnswerStream> sent, std::unique_ptr<Packer> packer)
        : m_sent(std::move(sent)), m_packer(std::move(packer)) {}

    bool write(std::string piece) override;
    void finish() override;
    [[nodiscard]] std::size_t unsentBytes() const override { return m_sent->unsentBytes(); }
    void onRoom(std::size_t bytes, std::function<void()> room) override { m_sent->onRoom(bytes, std::move(room)); }

private:
    const std::shared_ptr<AnswerStream> m_sent;
    std::mutex m_mutex; // guards what follows, and the order of the pieces
    std::unique_ptr<Packer> m_packer;
    bool m_isFinished = false;
};

} // namespace mm::rest::semantics
