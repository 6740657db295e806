#include "gui/pages/models/details/config_merge.h"

#include <google/protobuf/util/message_differencer.h>

#include <set>

namespace mm::gui::models {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// A key that is not there is a value without a kind.
Value valueOf(const Struct& config, const std::string& key) {
    const auto found = config.fields().find(key);
    return found == config.fields().end() ? Value() : found->second;
}

bool isSame(const Value& one, const Value& other) {
    return google::protobuf::util::MessageDifferencer::Equals(one, other);
}

} // namespace

ConfigMerge mergeConfig(const Struct& before, const Struct& mine, const Struct& theirs) {
    std::set<std::string> keys;
    for (const Struct* each : {&before, &mine})
        for (const auto& field : each->fields())
            keys.insert(field.first);
    ConfigMerge merge{theirs, {}};
    for (const std::string& key : keys) {
        const Value here = valueOf(mine, key);
        const Value was = valueOf(before, key);
        const Value there = valueOf(theirs, key);
        if (isSame(here, was) || isSame(here, there))
            continue;
        if (!isSame(there, was))
            merge.both.push_back(key);
        if (here.kind_case() == Value::KIND_NOT_SET)
            merge.merged.mutable_fields()->erase(key);
        else
            (*merge.merged.mutable_fields())[key] = here;
    }
    return merge;
}

} // namespace mm::gui::models
