// Messages of the public API as the JSON of the REST API: field names as in the protos, tasks and states in their short
// spelling, times in ISO 8601, numbers as numbers. Pure, any thread.
#pragma once

#include <google/protobuf/message.h>
#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mm::cli {

// Fields that are not set are left out, except for plain values: a zero is told.
nlohmann::ordered_json toJson(const google::protobuf::Message& message);

// Two blanks of indentation, a line end, and replacement characters for what is no UTF-8.
std::string jsonText(const nlohmann::ordered_json& value);
// The same on one line, for output of which each line is a value.
std::string jsonLine(const nlohmann::ordered_json& value);

} // namespace mm::cli
