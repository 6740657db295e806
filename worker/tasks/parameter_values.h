// Reading a request's parameters, with refusals that name them. Pure, any thread. Throws Failure(ValidationError).
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

namespace mm::worker {

[[noreturn]] void refuseParameter(const std::string& name, const std::string& why);
// "embeddings have no such parameter; they have a, b and c.", and the nearest of them.
[[noreturn]] void refuseUnknownParameter(const std::string& name, const std::string& whose,
                                         const std::vector<std::string>& known);

bool readFlag(const std::string& name, const google::protobuf::Value& value);
const std::string& readText(const std::string& name, const google::protobuf::Value& value);
// A whole number from 1 to `largest`; `because` says where the limit comes from.
int readCount(const std::string& name, const google::protobuf::Value& value, int largest, const std::string& because);

} // namespace mm::worker
