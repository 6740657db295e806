#include "engine/files/strict_json.h"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace mm {
namespace {

using nlohmann::json;

// What the structure check found: it ends the parser, and goes no further than parseStrictJson().
struct Violation {
    std::string why;
};

// Follows the parser to see what a finished document no longer shows: names given twice, and depth.
class StructureCheck {
public:
    explicit StructureCheck(int maxDepth) : m_maxDepth(maxDepth) {}

    bool operator()(int depth, json::parse_event_t event, const json& parsed) {
        switch (event) {
        case json::parse_event_t::object_start:
        case json::parse_event_t::array_start:
            if (depth >= m_maxDepth)
                throw Violation{"nested deeper than " + std::to_string(m_maxDepth) + " levels"};
            m_names.emplace_back();
            break;
        case json::parse_event_t::object_end:
        case json::parse_event_t::array_end:
            m_names.pop_back();
            break;
        case json::parse_event_t::key:
            if (const auto& name = parsed.get_ref<const std::string&>(); !m_names.back().insert(name).second)
                throw Violation{"the name '" + name + "' appears twice in one object"};
            break;
        case json::parse_event_t::value:
            break;
        }
        return true;
    }

private:
    int m_maxDepth;
    std::vector<std::set<std::string>> m_names;
};

Error invalid(const std::string& file, const std::string& why) {
    return {ErrorCode::InvalidModelFiles, file + " is not valid JSON: " + why, {{"file", file}}};
}

} // namespace

Result<json> parseStrictJson(std::string_view text, const std::string& file, int maxDepth) {
    try {
        return json::parse(
            text.begin(), text.end(),
            [check = StructureCheck(maxDepth)](int depth, json::parse_event_t event, const json& parsed) mutable {
                return check(depth, event, parsed);
            });
    } catch (const json::exception& problem) {
        return invalid(file, problem.what());
    } catch (const Violation& violation) {
        return invalid(file, violation.why);
    }
}

} // namespace mm
