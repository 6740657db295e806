#include "worker/tasks/encoder/step_picks.h"

#include <algorithm>

namespace mm::worker {
namespace {

std::vector<EncoderRequest*> ofHighestPriority(std::span<EncoderRequest* const> requests) {
    std::vector<EncoderRequest*> highest;
    for (EncoderRequest* request : requests) {
        if (request->remaining() == 0)
            continue;
        if (!highest.empty() && request->priority() > highest.front()->priority())
            highest.clear();
        if (highest.empty() || request->priority() == highest.front()->priority())
            highest.push_back(request);
    }
    return highest;
}

} // namespace

std::vector<Pick> pickSequences(std::span<EncoderRequest* const> requests, const StepRoom& room) {
    std::vector<Pick> picks;
    std::size_t used = 0;
    const auto takeFrom = [&](EncoderRequest& request, const StepRoom& share) {
        std::size_t mine = 0;
        for (std::size_t count = 0; request.remaining() > 0; ++count) {
            const std::size_t length = request.nextLength();
            const bool overShare = mine + length > share.tokens || count >= share.sequences;
            const bool overRoom = used + length > room.tokens || picks.size() >= room.sequences;
            if (!picks.empty() && (overShare || overRoom))
                return;
            picks.push_back({&request, request.take(), length});
            mine += length;
            used += length;
        }
    };
    const std::vector<EncoderRequest*> first = ofHighestPriority(requests);
    if (first.empty())
        return picks;
    const StepRoom share{std::max<std::size_t>(1, room.tokens / first.size()),
                         std::max<std::size_t>(1, room.sequences / first.size())};
    for (EncoderRequest* request : first)
        takeFrom(*request, share);
    for (EncoderRequest* request : first)
        takeFrom(*request, room);
    std::stable_sort(picks.begin(), picks.end(), [](const Pick& a, const Pick& b) { return a.length > b.length; });
    return picks;
}

} // namespace mm::worker
