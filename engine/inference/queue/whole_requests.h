// WholeRequests: requests that come in parts, one after another, and what holds of each as a whole: what an operator
// has ordered, since that must reach the parts that are still to come, how much of it is done, and what it ended with.
// A whole is known from its first part that was let in until it is done; one that ended otherwise stays until nobody
// can bring more parts of it, so that those are refused. Engine thread.
#pragma once

#include "engine/inference/queue/request_table.h"
#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mm::inference {

struct WholeRequest {
    using Token = std::shared_ptr<const int>; // what a part brings: Call::wholeInputs

    std::weak_ptr<const int> token;
    std::string requestId;
    std::string modelKey;
    std::uint64_t newest = 0; // number of its newest part
    int inputs = 0;
    int came = 0; // inputs of the parts that were let in
    int done = 0;
    std::optional<int> level; // as ordered
    bool isHeld = false;
    std::optional<double> waitedMs; // until a worker had the first of it
    std::optional<Error> setback;   // of a part that may come again
    std::optional<Error> end;
    v1::QueueEntry last; // of its newest part
    std::shared_ptr<const RequestTrace> trace;
    v1::InferenceMetadata metadata;

    [[nodiscard]] bool hasMoreToCome() const { return came < inputs; }
    [[nodiscard]] bool isDone() const { return done >= inputs; }
    [[nodiscard]] bool owns(const Request& part) const;
    // The entry of one of its parts becomes that of the whole.
    [[nodiscard]] v1::QueueEntry entryFrom(v1::QueueEntry part) const;
    // Before `done` counts it.
    void add(const v1::InferenceMetadata& part);
};

class WholeRequests {
public:
    // Null where the part is a request by itself, or the first of a whole.
    [[nodiscard]] WholeRequest* find(const WholeRequest::Token& token);
    // The one the part belongs to, which it has joined; null where it belongs to none.
    WholeRequest* join(const Request& part);
    // The newest of that name that has not ended; null: none.
    [[nodiscard]] const WholeRequest* named(const std::string& requestId) const;
    [[nodiscard]] WholeRequest* named(const std::string& requestId);
    [[nodiscard]] std::vector<WholeRequest*> allNamed(const std::string& requestId);
    // Those of a model ("org/repo@version") that have not ended.
    [[nodiscard]] std::vector<WholeRequest*> allOf(const std::string& modelKey);
    void remove(const WholeRequest::Token& token) { m_wholes.erase(token.get()); }

private:
    // An address is used again only once its entry here is gone, since that keeps the memory.
    std::unordered_map<const int*, WholeRequest> m_wholes;
};

} // namespace mm::inference
