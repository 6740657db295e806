// RequestHistory: requests that have ended, without their inputs and outputs, so that one can still ask what became of
// them. Bounded in number and in bytes; the oldest go. Engine thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

namespace mm::inference {

class RequestHistory {
public:
    explicit RequestHistory(std::size_t mostEntries, std::size_t mostBytes = std::size_t{16} << 20)
        : m_mostEntries(mostEntries), m_mostBytes(mostBytes) {}

    struct Ended {
        std::uint64_t id = 0; // numbers grow with the requests' age
        modelmora::v1::QueueEntry entry;
    };
    void add(std::uint64_t id, modelmora::v1::QueueEntry entry);
    // The newest of that name, or null.
    [[nodiscard]] const Ended* find(const std::string& requestId) const;
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    struct Kept {
        Ended ended;
        std::size_t bytes = 0;
    };
    void dropOldest();

    std::size_t m_mostEntries;
    std::size_t m_mostBytes;
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0;
    std::deque<Kept> m_entries;
    std::unordered_map<std::string, std::uint64_t> m_newest; // name → place, counted from the first ever
};

} // namespace mm::inference
