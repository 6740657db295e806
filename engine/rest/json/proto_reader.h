// JSON into a protobuf message by its own description: snake_case names, enums in the API's spelling, every wrong field
// collected, unknown ones refused. For the management messages; inference has readers of its own. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"

#include <google/protobuf/message.h>

#include <string_view>
#include <vector>

namespace mm::rest {

// Which fields of a message a body may hold, where not all of them.
struct BodyShape {
    std::vector<std::string_view> allowed;
    std::vector<std::string_view> required;
};

// The whole body: one object. Fails with MalformedRequest or ValidationError.
Result<void> readBody(std::string_view json, const BodyShape& shape, google::protobuf::Message& out);

} // namespace mm::rest
