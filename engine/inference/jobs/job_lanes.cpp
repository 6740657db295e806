#include "engine/inference/jobs/job_lanes.h"

#include <algorithm>
#include <utility>

namespace mm::inference {

void JobLanes::add(const std::string& job, const Place& place, std::deque<int> pieces, std::set<int> suspects) {
    Lane lane{-static_cast<int>(place.priority), place.modelKey, place.client};
    m_lanes[lane].jobs.push_back(job);
    // Suspects last: what they may break then holds up nothing else of their job.
    std::stable_partition(pieces.begin(), pieces.end(), [&suspects](int piece) { return !suspects.contains(piece); });
    m_jobs.emplace(job, Entry{std::move(lane), std::move(pieces), std::move(suspects), {}, false});
}

std::optional<int> JobLanes::take(Entry& entry) {
    if (entry.paused || entry.waiting.empty())
        return std::nullopt;
    const bool suspectRuns = std::any_of(entry.underWay.begin(), entry.underWay.end(),
                                         [&entry](int piece) { return entry.suspects.contains(piece); });
    const int piece = entry.waiting.front();
    if (suspectRuns || (entry.suspects.contains(piece) && !entry.underWay.empty()))
        return std::nullopt;
    entry.waiting.pop_front();
    entry.underWay.insert(piece);
    return piece;
}

std::optional<JobLanes::Piece> JobLanes::takeNext() {
    if (m_underWay >= m_inAll)
        return std::nullopt;
    for (auto& [name, lane] : m_lanes) {
        if (lane.underWay >= m_perLane)
            continue;
        for (const std::string& job : lane.jobs)
            if (const auto piece = take(m_jobs.at(job))) {
                ++lane.underWay;
                ++m_underWay;
                return Piece{job, *piece};
            }
    }
    return std::nullopt;
}

bool JobLanes::land(const Piece& piece) {
    const auto found = m_jobs.find(piece.job);
    if (found == m_jobs.end() || found->second.underWay.erase(piece.piece) == 0)
        return false;
    --m_lanes.at(found->second.lane).underWay;
    --m_underWay;
    return true;
}

void JobLanes::done(const Piece& piece) {
    if (land(piece))
        m_jobs.at(piece.job).suspects.erase(piece.piece);
}

void JobLanes::again(const Piece& piece, bool suspect) {
    if (!land(piece))
        return;
    Entry& entry = m_jobs.at(piece.job);
    if (suspect)
        entry.suspects.insert(piece.piece);
    if (entry.suspects.contains(piece.piece))
        entry.waiting.push_back(piece.piece);
    else
        entry.waiting.push_front(piece.piece);
}

void JobLanes::pause(const std::string& job, bool paused) {
    if (const auto found = m_jobs.find(job); found != m_jobs.end())
        found->second.paused = paused;
}

void JobLanes::remove(const std::string& job) {
    auto node = m_jobs.extract(job);
    if (!node)
        return;
    const auto lane = m_lanes.find(node.mapped().lane);
    const int underWay = static_cast<int>(node.mapped().underWay.size());
    lane->second.underWay -= underWay;
    m_underWay -= underWay;
    std::erase(lane->second.jobs, job);
    if (lane->second.jobs.empty())
        m_lanes.erase(lane);
}

bool JobLanes::allDone(const std::string& job) const {
    const auto found = m_jobs.find(job);
    return found != m_jobs.end() && found->second.waiting.empty() && found->second.underWay.empty();
}

} // namespace mm::inference
