// What a model's configuration may say. Keys the engine knows are checked for type and range ("config.dtype: …");
// others belong to the model and are kept as they are. Pure, any thread.
#pragma once

#include "engine/registry/rules/field_errors.h"
#include "modelmora/v1/common.pb.h"

#include <google/protobuf/struct.pb.h>

#include <string_view>

namespace mm::registry {

inline constexpr const char* kDevices = "auto, cpu, cuda, cuda:0, cuda:1 …";
bool isDevice(std::string_view text);

void checkConfig(const google::protobuf::Struct& config, FieldErrors& errors);
// 0 is "not given"; what is given must be positive.
void checkResources(const modelmora::v1::ResourceRequirements& resources, FieldErrors& errors);

} // namespace mm::registry
