// KEY=VALUE arguments as a protobuf Struct. Values that read as JSON (2, true, "text", [1,2]) are taken as such, all
// others as text. Pure, any thread. Fails with ValidationError on a missing "=", an empty key or a key given twice.
#pragma once

#include "engine/base/result.h"

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

namespace mm::cli {

// `flag` names the flag in errors.
Result<google::protobuf::Struct> toSettings(const std::string& flag, const std::vector<std::string>& pairs);

} // namespace mm::cli
