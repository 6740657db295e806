// A protobuf message as the JSON of the native API: snake_case, enums in lower case, ISO 8601 times, nothing that is
// null (unset messages, empty texts, unspecified enums). Pure, any thread.
#pragma once

#include "engine/rest/json/json_writer.h"

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <string_view>
#include <vector>

namespace mm::rest {

// The fields, in the order of their declaration, into an object that the caller has begun.
void writeFields(JsonWriter& writer, const google::protobuf::Message& message);
void writeMessage(JsonWriter& writer, const google::protobuf::Message& message);
std::string toJson(const google::protobuf::Message& message);

std::string isoTime(const google::protobuf::Timestamp& time);

} // namespace mm::rest
