// A configuration that two people changed at a time, put together key by key. Pure.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

namespace mm::gui::models {

struct ConfigMerge {
    google::protobuf::Struct merged; // theirs, with what was changed here
    std::vector<std::string> both;   // keys that both changed, and not alike: here they are as they were changed here
};

// `before`: what both began with.
ConfigMerge mergeConfig(const google::protobuf::Struct& before, const google::protobuf::Struct& mine,
                        const google::protobuf::Struct& theirs);

} // namespace mm::gui::models
