#include "engine/rest/routes/native/jobs/result_download.h"

#include "engine/base/log.h"
#include "engine/rest/semantics/byte_range.h"
#include "engine/rest/semantics/header_list.h"
#include "engine/rest/semantics/http_contract.h"

#include <algorithm>
#include <atomic>
#include <limits>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using semantics::RangeChoice;
using service::JobService;

constexpr std::size_t kOnPool = std::numeric_limits<std::size_t>::max();
constexpr std::uint64_t kSmallResult = 1 << 20;
constexpr std::size_t kMostUnsent = 1 << 20;
constexpr std::size_t kRoomAgain = 256UL * 1024;

// One answer on its way. Every step is a task of its own on the pool, and the next one is queued behind the others'.
class ResultDownload : public std::enable_shared_from_this<ResultDownload> {
public:
    ResultDownload(ExchangePtr exchange, JobService::OpenResult result, std::shared_ptr<ResultLayouts> layouts)
        : m_exchange(std::move(exchange))
        , m_result(std::move(result))
        , m_layouts(std::move(layouts))
        , m_maker(m_result) {}

    void begin() {
        m_exchange->onClientLeft([self = weak_from_this()] {
            if (const auto download = self.lock())
                download->m_hasLeft = true;
        });
        m_layout = m_layouts->find(m_result->sha256());
        step(m_layout ? &ResultDownload::answer : &ResultDownload::measure);
    }

private:
    void step(void (ResultDownload::*next)()) {
        m_exchange->work(kOnPool, [self = shared_from_this(), next] { (*self.*next)(); });
    }

    // The length must be known before the first byte leaves: every part is made once, and what is small is kept.
    void measure() {
        if (m_hasLeft)
            return m_exchange->fail({ErrorCode::RequestCancelled, "The client has left."});
        const Result<std::string> text = m_maker.next();
        if (!text)
            return m_exchange->fail(text.error());
        if (m_small.size() + text->size() <= kSmallResult)
            m_small += *text;
        if (!m_maker.isDone())
            return step(&ResultDownload::measure);
        m_layout = m_maker.finish();
        m_layouts->keep(m_result->sha256(), m_layout);
        answer();
    }

    void answer() {
        Answer head;
        head.headers = {{"ETag", m_layout->etag}, {"Accept-Ranges", "bytes"}, {"Repr-Digest", m_layout->digest}};
        if (m_layout->size() <= kSmallResult)
            return answerWhole(std::move(head));
        m_small = {};
        const guard::HttpRequest& request = m_exchange->request();
        if (semantics::isUnchanged(request, m_layout->etag))
            return m_exchange->answer(std::move(head)); // which sees the same, and says so without a body
        RangeChoice choice;
        if (semantics::isRangeWanted(request, m_layout->etag))
            choice = semantics::chooseRange(semantics::allOf(request, "range"), m_layout->size());
        if (choice.kind != RangeChoice::Kind::Whole) {
            head.headers.emplace_back("Content-Range", semantics::contentRange(choice, m_layout->size()));
            head.status = choice.kind == RangeChoice::Kind::Part ? 206 : 416;
        }
        if (head.status == 416)
            return m_exchange->answer(std::move(head));
        m_at = head.status == 206 ? choice.first : 0;
        m_end = head.status == 206 ? choice.last + 1 : m_layout->size();
        head.headers.emplace_back("Content-Length", std::to_string(m_end - m_at));
        m_stream = m_exchange->answerInPieces(std::move(head));
        if (request.headOnly)
            return m_stream->finish();
        write();
    }

    void answerWhole(Answer head) {
        for (std::size_t part = 0; m_small.size() < m_layout->size(); ++part) {
            Result<std::string> text = textOf(*m_result, *m_layout, part);
            if (!text)
                return m_exchange->fail(text.error());
            m_small += *text;
        }
        head.body = std::move(m_small);
        head.isModelOutput = true;
        m_exchange->answer(std::move(head));
    }

    // One part; what cannot be read ends the connection, since the answer has begun.
    void write() {
        const std::size_t part = m_layout->partAt(m_at);
        Result<std::string> text = textOf(*m_result, *m_layout, part);
        if (!text)
            return log::write(log::Level::Error, "a result breaks off", text.error(),
                              {{"request_id", m_exchange->requestId()}});
        const std::uint64_t from = m_at - m_layout->begin(part);
        const std::uint64_t count = std::min(m_end, m_layout->ends[part]) - m_at;
        m_at += count;
        if (!m_stream->write(text->substr(from, count)))
            return;
        if (m_at == m_end)
            return m_stream->finish();
        if (m_stream->unsentBytes() < kMostUnsent)
            return step(&ResultDownload::write);
        m_stream->onRoom(kRoomAgain, [self = shared_from_this()] { self->step(&ResultDownload::write); });
    }

    ExchangePtr m_exchange;
    JobService::OpenResult m_result;
    std::shared_ptr<ResultLayouts> m_layouts;
    LayoutMaker m_maker;
    std::shared_ptr<const ResultLayout> m_layout;
    std::string m_small; // all of it, where that is not much
    std::atomic<bool> m_hasLeft = false;
    std::shared_ptr<AnswerStream> m_stream;
    std::uint64_t m_at = 0;
    std::uint64_t m_end = 0;
};

} // namespace

void sendJobResult(JobService& jobs, const ExchangePtr& exchange, const std::shared_ptr<ResultLayouts>& layouts) {
    v1::GetJobResultRequest request;
    request.set_job_id(exchange->argument("job"));
    jobs.openResult(std::move(request), [exchange, layouts](Result<JobService::OpenResult> opened) {
        if (!opened)
            return exchange->fail(opened.error());
        std::make_shared<ResultDownload>(exchange, std::move(opened).value(), layouts)->begin();
    });
}

} // namespace mm::rest::native
