#include "worker/model/strict_json.h"

#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace mm::worker {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
    throw Failure(ErrorCode::InvalidModelFiles, file + " is not valid JSON: " + why, {{"file", file}});
}

// Follows the parser to see what a finished document no longer shows: names given twice, and depth.
class StructureCheck {
public:
    StructureCheck(const std::string& file, int maxDepth) : m_file(file), m_maxDepth(maxDepth) {}

    bool operator()(int depth, json::parse_event_t event, const json& parsed) {
        switch (event) {
        case json::parse_event_t::object_start:
        case json::parse_event_t::array_start:
            if (depth >= m_maxDepth)
                refuse(m_file, "nested deeper than " + std::to_string(m_maxDepth) + " levels");
            m_names.emplace_back();
            break;
        case json::parse_event_t::object_end:
        case json::parse_event_t::array_end:
            m_names.pop_back();
            break;
        case json::parse_event_t::key:
            if (const auto& name = parsed.get_ref<const std::string&>(); !m_names.back().insert(name).second)
                refuse(m_file, "the name '" + name + "' appears twice in one object");
            break;
        case json::parse_event_t::value:
            break;
        }
        return true;
    }

private:
    const std::string& m_file;
    int m_maxDepth;
    std::vector<std::set<std::string>> m_names;
};

} // namespace

json parseStrictJson(std::string_view text, const std::string& file, int maxDepth) {
    try {
        return json::parse(
            text.begin(), text.end(),
            [check = StructureCheck(file, maxDepth)](int depth, json::parse_event_t event, const json& parsed) mutable {
                return check(depth, event, parsed);
            });
    } catch (const json::exception& problem) {
        refuse(file, problem.what());
    }
}

} // namespace mm::worker
