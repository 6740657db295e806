// YAML nodes as typed values, with the variables of the environment put in and every problem tied to its line. Visits a
// bounded number of nodes, so that aliases that multiply, or that hold themselves, end with an error. One reader per
// file.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/definitions/variables.h"

#include <google/protobuf/struct.pb.h>
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mm::registry {

struct LineError {
    int line = 0;
    Error error;
};

class YamlReader {
public:
    explicit YamlReader(const Variables& variables) : m_variables(variables) {}

    // Each fails at once; lastLine() then says where.
    Result<std::map<std::string, YAML::Node>> mapping(const YAML::Node& node, const std::string& field);
    Result<std::string> text(const YAML::Node& node, const std::string& field);
    Result<std::vector<std::string>> texts(const YAML::Node& node, const std::string& field);
    Result<std::int32_t> positive(const YAML::Node& node, const std::string& field, std::int32_t smallest);
    Result<bool> boolean(const YAML::Node& node, const std::string& field);
    Result<google::protobuf::Struct> structure(const YAML::Node& node, const std::string& field);

    void moveTo(const YAML::Node& node);
    [[nodiscard]] int lastLine() const { return m_line; }

private:
    Result<void> visit(const YAML::Node& node, int depth);
    Result<google::protobuf::Value> value(const YAML::Node& node, const std::string& field, int depth);
    Result<google::protobuf::Value> scalar(const YAML::Node& node, const std::string& field);

    const Variables& m_variables;
    int m_line = 0;
    int m_visited = 0;
};

} // namespace mm::registry
