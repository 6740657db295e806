#include "worker/tasks/step_picks.h"

#include <algorithm>

namespace mm::worker {

std::vector<Pick> pickSequences(std::span<EmbedRequest* const> requests, std::size_t maxTokens) {
    std::vector<Pick> picks;
    std::size_t used = 0;
    const auto takeFrom = [&](EmbedRequest& request, std::size_t share) {
        std::size_t mine = 0;
        while (request.remaining() > 0) {
            const std::size_t length = request.nextLength();
            if (!picks.empty() && (mine + length > share || used + length > maxTokens))
                return;
            picks.push_back({&request, request.take(), length});
            mine += length;
            used += length;
        }
    };
    if (requests.empty())
        return picks;
    const std::size_t share = std::max<std::size_t>(1, maxTokens / requests.size());
    for (EmbedRequest* request : requests)
        takeFrom(*request, share);
    for (EmbedRequest* request : requests)
        takeFrom(*request, maxTokens);
    std::stable_sort(picks.begin(), picks.end(), [](const Pick& a, const Pick& b) { return a.length > b.length; });
    return picks;
}

} // namespace mm::worker
