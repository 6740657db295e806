#include "engine/rest/windows/windowed_inference.h"

#include "engine/base/log.h"
#include "engine/inference/metadata_sum.h"
#include "engine/ipc/facts.h"
#include "engine/rest/routes/embedding_output.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace mm::rest {
namespace {

namespace v1 = modelmora::v1;

constexpr std::size_t kAhead = 2;                           // windows in the engine
constexpr std::size_t kHeldBytes = std::size_t{32} << 20;   // of answers before the first of them is sent
constexpr std::size_t kWholeBytes = std::size_t{4} << 20;   // of JSON that goes out as one answer with its length
constexpr std::size_t kSliceBytes = std::size_t{256} << 10; // of JSON that is made in one go
constexpr std::size_t kUnsentBytes = std::size_t{2} << 20;  // that the client has not read: no more is made
constexpr std::size_t kBytesPerFloat = 13;                  // in JSON, about
constexpr std::size_t kAlwaysOnPool = std::size_t{1} << 20;
constexpr std::chrono::seconds kUsualTimeout{60};
constexpr std::chrono::milliseconds kRetryPause{100};

bool isEmbedding(const v1::InferenceResponse& response) {
    const v1::OutputData& output = response.output_data();
    return output.has_embedding() || output.has_embedding_batch() || output.has_embedding_matrix();
}

} // namespace

WindowedInference::WindowedInference(Order order) : m_order(std::move(order)), m_parts(m_order.windows.size()) {
    const InputWindow& last = m_order.windows.back();
    m_order.call.wholeInputs = std::make_shared<const int>(last.begin + last.count);
}

void WindowedInference::start() {
    m_order.exchange->work(0, [self = shared_from_this()] {
        self->pump();
        self->m_order.exchange->onClientLeft([self] {
            self->m_isOver = true;
            self->m_order.inference.cancel(self->m_order.call.requestId);
        });
    });
}

void WindowedInference::startWith(SharedResponse response) {
    m_order.exchange->work(0, [self = shared_from_this(), response = std::move(response)] {
        self->m_next = 1;
        self->take(0, response);
        self->pump();
    });
}

void WindowedInference::pump() {
    const std::size_t count = m_parts.size();
    while (!m_isOver && m_running < kAhead && m_next < count && m_heldBytes <= kHeldBytes)
        submit(m_next++);
    if (m_isOver)
        return;
    const bool isAllThere = m_running == 0 && m_next == count;
    if (!m_stream) {
        const bool inPieces = m_order.form.rows && isEmbedding(m_sum);
        if (isAllThere && (!inPieces || bytesInJson() <= kWholeBytes))
            return answerAtOnce();
        if (!inPieces) // small for each input: all of it is held
            m_heldBytes = 0;
        if (!isAllThere && m_heldBytes <= kHeldBytes)
            return;
        beginPieces();
    }
    writeNext();
}

void WindowedInference::submit(std::size_t window) {
    ++m_running;
    m_order.inference.infer(cutWindow(*m_order.request, m_order.windows[window]), m_order.call,
                            [self = shared_from_this(), window](Result<SharedResponse> result) {
                                self->m_order.exchange->work(
                                    0, [self, window, result = std::move(result)] { self->onAnswer(window, result); });
                            });
}

void WindowedInference::onAnswer(std::size_t window, Result<SharedResponse> result) {
    if (m_isOver)
        return;
    if (result && (*result)->has_error())
        result = Error{errorCodeFromName((*result)->error().code()), (*result)->error().message(),
                       ipc::fromStruct((*result)->error().facts())};
    if (!result && mayComeAgain(window, result.error())) {
        QTimer::singleShot(kRetryPause, [self = shared_from_this(), window] {
            --self->m_running;
            if (!self->m_isOver)
                self->submit(window);
        });
        return;
    }
    if (!result)
        return fail(result.error());
    --m_running;
    take(window, *result);
    pump();
}

// A request that was let in is not refused half-way because others have filled the queue meanwhile.
bool WindowedInference::mayComeAgain(std::size_t window, const Error& error) const {
    const std::int32_t seconds = m_order.request->timeout_seconds();
    const std::chrono::seconds timeout = seconds > 0 ? std::chrono::seconds(seconds) : kUsualTimeout;
    return window > 0 && error.code == ErrorCode::QueueFull &&
           std::chrono::steady_clock::now() < m_order.call.received + timeout;
}

void WindowedInference::take(std::size_t window, const SharedResponse& response) {
    m_heldBytes += embeddingFloats(*response) * sizeof(float);
    m_parts[window] = response;
    if (m_sum.model_id().empty()) {
        m_sum.set_model_id(response->model_id());
        *m_sum.mutable_metadata() = response->metadata();
        if (isEmbedding(*response)) // what it is and how wide, for the question above
            m_sum.mutable_output_data()->mutable_embedding_matrix()->set_dimension(static_cast<std::int32_t>(
                embeddingFloats(*response) / std::max<std::size_t>(1, embeddingCount(response->output_data()))));
        return;
    }
    inference::addMetadata(response->metadata(), *m_sum.mutable_metadata());
}

void WindowedInference::fail(const Error& error) {
    m_isOver = true;
    m_order.inference.cancel(m_order.call.requestId); // the other window
    if (!m_stream)
        return m_order.exchange->fail(error);
    log::write(log::Level::Warning, "an answer in pieces ends before its end", error,
               {{"request_id", m_order.call.requestId}});
    m_stream.reset();
}

double WindowedInference::elapsedMs() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_order.call.received).count();
}

std::size_t WindowedInference::bytesInJson() const {
    return m_heldBytes / sizeof(float) * kBytesPerFloat;
}

void WindowedInference::answerAtOnce() {
    m_isOver = true;
    if (m_parts.size() > 1)
        inference::fitTimes(elapsedMs(), *m_sum.mutable_metadata());
    m_order.exchange->work(kAlwaysOnPool, [self = shared_from_this()] {
        joinOutputs(self->m_parts, *self->m_sum.mutable_output_data());
        self->m_parts.clear();
        Answer answer = self->m_order.form.whole(self->m_sum);
        answer.isModelOutput = true;
        self->m_order.exchange->answer(std::move(answer));
    });
}

void WindowedInference::beginPieces() {
    Answer head;
    head.isModelOutput = true;
    m_stream = m_order.exchange->answerInPieces(std::move(head));
    m_order.form.rows.begin(m_writer, m_sum);
}

void WindowedInference::writeNext() {
    if (m_isWriting)
        return;
    if (m_part == m_parts.size())
        return writeEnd();
    if (!m_parts[m_part])
        return;
    m_isWriting = true;
    m_order.exchange->work(kAlwaysOnPool, [self = shared_from_this()] { self->writeSlice(); });
}

void WindowedInference::writeSlice() {
    const v1::OutputData& output = m_parts[m_part]->output_data();
    const std::size_t count = embeddingCount(output);
    while (m_row < count && m_buffer.size() < kSliceBytes)
        m_order.form.rows.row(m_writer, m_index++, embeddingAt(output, m_row++));
    const bool isRead = m_stream->write(std::exchange(m_buffer, {}));
    m_order.exchange->work(0, [self = shared_from_this(), isRead] { self->onSlice(isRead); });
}

void WindowedInference::onSlice(bool isRead) {
    if (m_isOver || !isRead) {
        m_isOver = true;
        m_stream.reset();
        return m_order.inference.cancel(m_order.call.requestId);
    }
    const v1::InferenceResponse& part = *m_parts[m_part];
    if (m_row == embeddingCount(part.output_data())) {
        m_heldBytes -= embeddingFloats(part) * sizeof(float);
        m_parts[m_part++].reset();
        m_row = 0;
    }
    const auto goOn = [self = shared_from_this()] {
        self->m_isWriting = false;
        self->pump();
    };
    if (m_stream->unsentBytes() > kUnsentBytes)
        m_stream->onRoom(kUnsentBytes / 2, goOn);
    else
        goOn();
}

void WindowedInference::writeEnd() {
    m_isOver = true;
    if (m_parts.size() > 1)
        inference::fitTimes(elapsedMs(), *m_sum.mutable_metadata());
    m_order.form.rows.end(m_writer, m_sum);
    m_stream->write(std::exchange(m_buffer, {}));
    m_stream->finish();
    m_stream.reset();
}

} // namespace mm::rest
