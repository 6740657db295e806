#include "engine/registry/definitions/yaml_reader.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace mm::registry {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kMostNodes = 50'000;
constexpr int kDeepest = 32;

// A scalar without quotes, whose type its text decides.
bool isPlain(const YAML::Node& node) {
    return node.Tag() == "?" || node.Tag().empty();
}

std::optional<double> numberOf(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const char* const begin = text.starts_with('+') ? text.data() + 1 : text.data();
    const auto [rest, problem] = std::from_chars(begin, end, number);
    if (problem != std::errc() || rest != end || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::optional<bool> booleanOf(const std::string& text) {
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    return std::nullopt;
}

} // namespace

void YamlReader::moveTo(const YAML::Node& node) {
    if (node.Mark().line >= 0)
        m_line = node.Mark().line + 1;
}

Result<void> YamlReader::visit(const YAML::Node& node, int depth) {
    moveTo(node);
    if (++m_visited > kMostNodes)
        return Error{ErrorCode::InvalidConfiguration, "the file unfolds to more than " + std::to_string(kMostNodes) +
                                                          " values; do its aliases multiply each other?"};
    if (depth > kDeepest)
        return Error{ErrorCode::InvalidConfiguration,
                     "values lie more than " + std::to_string(kDeepest) + " levels deep; does an alias hold itself?"};
    return {};
}

Result<std::map<std::string, YAML::Node>> YamlReader::mapping(const YAML::Node& node, const std::string& field) {
    MM_CHECK(visit(node, 0));
    if (!node.IsMap())
        return invalidField(field, "must be a mapping (key: value)");
    std::map<std::string, YAML::Node> members;
    for (const auto& member : node) {
        MM_CHECK(visit(member.first, 0));
        if (!member.first.IsScalar())
            return invalidField(field, "has a key that is not a plain word");
        if (!members.emplace(member.first.Scalar(), member.second).second)
            return invalidField(field + "." + member.first.Scalar(), "is given twice");
    }
    moveTo(node);
    return members;
}

Result<std::string> YamlReader::text(const YAML::Node& node, const std::string& field) {
    MM_CHECK(visit(node, 0));
    if (node.IsNull())
        return std::string();
    if (!node.IsScalar())
        return invalidField(field, "must be a text");
    return expandVariables(node.Scalar(), m_variables);
}

Result<std::vector<std::string>> YamlReader::texts(const YAML::Node& node, const std::string& field) {
    MM_CHECK(visit(node, 0));
    if (!node.IsSequence())
        return invalidField(field, "must be a list of texts");
    std::vector<std::string> items;
    for (std::size_t i = 0; i < node.size(); ++i) {
        MM_TRY(std::string item, text(node[i], field + "[" + std::to_string(i) + "]"));
        items.push_back(std::move(item));
    }
    return items;
}

Result<std::int32_t> YamlReader::positive(const YAML::Node& node, const std::string& field, std::int32_t smallest) {
    MM_TRY(const std::string written, text(node, field));
    const auto number = numberOf(written);
    if (!number || *number != std::floor(*number) || *number < smallest ||
        *number > std::numeric_limits<std::int32_t>::max())
        return invalidField(field, "must be a whole number of at least " + std::to_string(smallest) + ", not '" +
                                       written.substr(0, 40) + "'");
    return static_cast<std::int32_t>(*number);
}

Result<bool> YamlReader::boolean(const YAML::Node& node, const std::string& field) {
    MM_TRY(const std::string written, text(node, field));
    if (const auto truth = booleanOf(written))
        return *truth;
    return invalidField(field, "must be true or false, not '" + written.substr(0, 40) + "'");
}

Result<Value> YamlReader::scalar(const YAML::Node& node, const std::string& field) {
    MM_TRY(const std::string written, text(node, field));
    Value result;
    if (isPlain(node) && (written == "null" || written == "~" || written.empty())) {
        result.set_null_value(google::protobuf::NULL_VALUE);
        return result;
    }
    const auto truth = isPlain(node) ? booleanOf(written) : std::nullopt;
    const auto number = isPlain(node) ? numberOf(written) : std::nullopt;
    if (truth)
        result.set_bool_value(*truth);
    else if (number)
        result.set_number_value(*number);
    else
        result.set_string_value(written);
    return result;
}

Result<Value> YamlReader::value(const YAML::Node& node, const std::string& field, int depth) {
    MM_CHECK(visit(node, depth));
    Value result;
    if (node.IsNull()) {
        result.set_null_value(google::protobuf::NULL_VALUE);
        return result;
    }
    if (node.IsScalar())
        return scalar(node, field);
    if (node.IsSequence()) {
        result.mutable_list_value();
        for (std::size_t i = 0; i < node.size(); ++i) {
            MM_TRY(Value item, value(node[i], field + "[" + std::to_string(i) + "]", depth + 1));
            *result.mutable_list_value()->add_values() = std::move(item);
        }
        return result;
    }
    MM_TRY(const auto members, mapping(node, field));
    result.mutable_struct_value();
    for (const auto& [key, member] : members) {
        std::string path = field;
        path.append(".").append(key);
        MM_TRY(Value item, value(member, path, depth + 1));
        (*result.mutable_struct_value()->mutable_fields())[key] = std::move(item);
    }
    return result;
}

Result<Struct> YamlReader::structure(const YAML::Node& node, const std::string& field) {
    if (!node.IsMap())
        return invalidField(field, "must be a mapping (key: value)");
    MM_TRY(Value whole, value(node, field, 0));
    return std::move(*whole.mutable_struct_value());
}

} // namespace mm::registry
