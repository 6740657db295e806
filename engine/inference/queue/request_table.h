// RequestTable: every request that is not finished, found by number, by name and by deadline. Names are the clients'
// and need not be unique; the newest of that name is meant, except where all are. Engine thread.
#pragma once

#include "engine/inference/ports.h"
#include "engine/inference/queue/request_queue.h"

#include <set>
#include <unordered_map>
#include <utility>

namespace mm::inference {

struct Call {
    std::string requestId; // what the client knows it by; need not be unique
    std::string client;
    Instant received;
    // It waits as long as it takes: its timeout counts from when a worker has it and has nothing more urgent.
    bool patient = false;
    std::string traceId = {}; // of the client's trace, for logs; empty: none
    // Of a part of a larger request; see WholeRequests.
    std::shared_ptr<const int> wholeInputs = nullptr;
    std::shared_ptr<const RequestTrace> trace = nullptr; // null: it is not traced
};

enum class Stage { Waiting, Held, Running, Abandoned }; // abandoned: answered, but the worker still has it

struct Request {
    using Duration = Instant::duration;
    using Response = std::shared_ptr<const v1::InferenceResponse>;

    std::uint64_t id = 0;
    std::shared_ptr<const v1::InferenceRequest> request;
    Call call;
    Reply<Response> reply;
    ResolvedModel model;
    std::uint32_t lane = 0;
    std::uint32_t client = 0;
    int level = kNormalLevel;
    int inputs = 1;
    std::int64_t bytes = 0;
    Stage stage = Stage::Waiting;
    std::chrono::seconds timeout{};
    Instant deadline = Instant::max();

    RequestQueue::Ticket ticket = 0; // while waiting or held
    std::uint64_t sequence = 0;
    Instant sent;
    // Of the waiting: until its model was loaded, and until its batch was large enough. The marks are where the lane's
    // watches stood when it began to wait.
    Duration loadTime{};
    Duration batchTime{};
    Duration loadMark{};
    Duration batchMark{};
    std::int64_t estimate = 0; // microseconds charged beforehand
    std::int64_t window = 0;   // inputs it counts with the worker; 0 once settled
    std::unique_ptr<Lease> lease;
    std::uint64_t runId = 0;
    bool rerun = false; // once is enough

    [[nodiscard]] bool waits() const { return stage == Stage::Waiting || stage == Stage::Held; }
};

class RequestTable {
public:
    // Takes it under the next number.
    Request& add(Request request);
    // Nothing under that number any more: null.
    [[nodiscard]] Request* find(std::uint64_t id);
    [[nodiscard]] const Request* find(std::uint64_t id) const;
    std::optional<Request> take(std::uint64_t id);

    void setDeadline(Request& request, Instant deadline);
    // It has been answered: neither its name nor its deadline means anything any more.
    void forgetName(const Request& request);

    [[nodiscard]] std::vector<std::uint64_t> named(const std::string& requestId) const;
    // The newest of that name; 0: none.
    [[nodiscard]] std::uint64_t newest(const std::string& requestId) const;
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    // One that is past its deadline; 0: none.
    [[nodiscard]] std::uint64_t expired(Instant now) const;

    [[nodiscard]] std::size_t size() const { return m_requests.size(); }
    [[nodiscard]] std::int64_t bytes() const { return m_bytes; }
    [[nodiscard]] const std::unordered_map<std::uint64_t, Request>& all() const { return m_requests; }

private:
    std::uint64_t m_lastId = 0;
    std::int64_t m_bytes = 0;
    std::unordered_map<std::uint64_t, Request> m_requests;
    std::unordered_multimap<std::string, std::uint64_t> m_byName;
    std::set<std::pair<Instant, std::uint64_t>> m_deadlines;
};

} // namespace mm::inference
