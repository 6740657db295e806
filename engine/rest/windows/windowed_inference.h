// One request of many inputs, run as several of few and answered as one. Two windows are in the engine at a time, so
// that a worker never waits for the next. What comes back is held until all is there, so that an error still gets its
// status; where it grows beyond a bound the answer begins, in pieces, and from then on no more is asked for than the
// client reads: engine and worker hold a bounded part of it however large it is. An error after that ends the
// connection. Kept alive by its own callbacks; its state belongs to the REST thread, and while a slice is written to
// the pool.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/rest/windows/answer_form.h"
#include "engine/rest/windows/input_windows.h"
#include "engine/rest/windows/window_sum.h"
#include "engine/service/inference_service.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mm::rest {

class WindowedInference : public std::enable_shared_from_this<WindowedInference> {
public:
    struct Order {
        service::InferenceService& inference;
        ExchangePtr exchange;
        std::shared_ptr<modelmora::v1::InferenceRequest> request;
        service::CallContext call;
        AnswerForm form;
        std::vector<InputWindow> windows;
    };
    explicit WindowedInference(Order order);

    // Any thread.
    void start();
    // Where the only window's answer is there already, and large: writes it in pieces.
    void startWith(SharedResponse response);

private:
    void pump();
    void submit(std::size_t window);
    void onAnswer(std::size_t window, Result<SharedResponse> result);
    void take(std::size_t window, const SharedResponse& response);
    [[nodiscard]] bool mayComeAgain(std::size_t window, const Error& error) const;
    void fail(const Error& error);

    [[nodiscard]] double elapsedMs() const;
    [[nodiscard]] std::size_t bytesInJson() const;
    void answerAtOnce();
    void beginPieces();
    void writeNext();
    void writeSlice(); // on the pool
    void onSlice(bool isRead);
    void writeEnd();

    Order m_order;
    std::vector<SharedResponse> m_parts; // by window; gone once they are written
    modelmora::v1::InferenceResponse m_sum;
    std::size_t m_next = 0;    // window to be submitted
    std::size_t m_running = 0; // windows in the engine
    std::size_t m_heldBytes = 0;
    bool m_isOver = false;

    // Of an answer in pieces.
    std::shared_ptr<AnswerStream> m_stream;
    std::string m_buffer;
    JsonWriter m_writer{m_buffer};
    std::size_t m_part = 0;   // window that is written
    std::size_t m_row = 0;    // of it
    std::size_t m_index = 0;  // of the row in the whole answer
    bool m_isWriting = false; // a slice on the pool, or the client has much to read
};

} // namespace mm::rest
