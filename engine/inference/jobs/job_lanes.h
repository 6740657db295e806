// Which piece of which job is started next. A lane is what one client asks of one model at one priority: its jobs go in
// order, and only so many pieces of it are under way, so that a large job holds up nobody else. Pure state, no clock,
// no threads; owned by the JobRunner.
#pragma once

#include "modelmora/v1/common.pb.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace mm::inference {

class JobLanes {
public:
    JobLanes(int perLane, int inAll) : m_perLane(perLane), m_inAll(inAll) {}

    struct Place {
        modelmora::v1::Priority priority = modelmora::v1::PRIORITY_NORMAL;
        std::string modelKey;
        std::string client;
    };
    // `suspects` are among `pieces`: one of them runs only while no other piece of its job does, so that it is clear
    // what ends a worker.
    void add(const std::string& job, const Place& place, std::deque<int> pieces, std::set<int> suspects);

    struct Piece {
        std::string job;
        int piece = 0;
    };
    // Highest priority first. It is under way from now on.
    std::optional<Piece> takeNext();
    // No longer under way: done, or to be run again.
    void done(const Piece& piece);
    void again(const Piece& piece, bool suspect);
    // Nothing of the job is taken meanwhile.
    void pause(const std::string& job, bool paused);
    void remove(const std::string& job);

    [[nodiscard]] bool holds(const std::string& job) const { return m_jobs.contains(job); }
    // Nothing waits and nothing is under way.
    [[nodiscard]] bool allDone(const std::string& job) const;
    [[nodiscard]] int underWay() const { return m_underWay; }

private:
    using Lane = std::tuple<int, std::string, std::string>; // the priority is negated: the highest comes first
    struct Entry {
        Lane lane;
        std::deque<int> waiting;
        std::set<int> suspects;
        std::set<int> underWay;
        bool paused = false;
    };
    struct LaneState {
        std::deque<std::string> jobs;
        int underWay = 0;
    };
    static std::optional<int> take(Entry& entry);
    bool land(const Piece& piece);

    int m_perLane;
    int m_inAll;
    int m_underWay = 0;
    std::map<std::string, Entry> m_jobs;
    std::map<Lane, LaneState> m_lanes;
};

} // namespace mm::inference
