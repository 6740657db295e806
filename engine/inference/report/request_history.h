// RequestHistory: requests that have ended, without their inputs and outputs, so that one can still ask what became of
// them. Kept as bytes, since most are never asked for and a message is several times as large. Bounded in number and in
// bytes; the oldest go. Engine thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mm::inference {

class RequestHistory {
public:
    explicit RequestHistory(std::size_t mostEntries, std::size_t mostBytes = std::size_t{16} << 20)
        : m_mostEntries(mostEntries), m_mostBytes(mostBytes) {}
    RequestHistory(const RequestHistory&) = delete;
    RequestHistory& operator=(const RequestHistory&) = delete;

    struct Ended {
        std::uint64_t id = 0; // numbers grow with the requests' age
        modelmora::v1::QueueEntry entry;
    };
    void add(std::uint64_t id, modelmora::v1::QueueEntry entry);
    // One as it is kept: bytes, to be read by whoever wants them, on any thread.
    struct Kept {
        std::uint64_t id = 0;
        std::string name;
        std::string entry; // as bytes, without the name
        [[nodiscard]] std::size_t bytes() const;
    };
    using KeptPtr = std::shared_ptr<const Kept>;
    // All of them, the first to end first.
    [[nodiscard]] std::vector<KeptPtr> all() const { return {m_entries.begin(), m_entries.end()}; }
    [[nodiscard]] static std::optional<modelmora::v1::QueueEntry> read(const Kept& kept);

    // The newest of that name.
    [[nodiscard]] std::optional<Ended> find(const std::string& requestId) const;
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }

private:
    void dropOldest();

    std::size_t m_mostEntries;
    std::size_t m_mostBytes;
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0;
    std::deque<KeptPtr> m_entries;
    // Name, as the entry has it → place, counted from the first ever.
    std::unordered_map<std::string_view, std::uint64_t> m_newest;
};

} // namespace mm::inference
