#include "engine/lifecycle/policy/serving_config.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace mm::lifecycle {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

const Value* find(const Struct& config, const std::string& name, Value::KindCase kind) {
    const auto found = config.fields().find(name);
    return found != config.fields().end() && found->second.kind_case() == kind ? &found->second : nullptr;
}

bool flag(const Struct& config, const std::string& name) {
    const Value* value = find(config, name, Value::kBoolValue);
    return value != nullptr && value->bool_value();
}

} // namespace

ServingConfig servingConfig(const Struct& config) {
    ServingConfig serving;
    if (const Value* instances = find(config, "instances", Value::kNumberValue))
        serving.instances =
            static_cast<int>(std::clamp(std::round(instances->number_value()), 1.0, 1.0 * kMostInstances));
    serving.pinned = flag(config, "pinned");
    serving.preload = flag(config, "preload");
    if (const Value* seconds = find(config, "keep_alive_seconds", Value::kNumberValue))
        serving.keepAlive = std::chrono::seconds(std::llround(std::clamp(seconds->number_value(), -1.0, 1e9)));
    return serving;
}

int threadsPerInstance(int threads, bool fixed, int instances, int processors) {
    if (fixed || instances <= 1)
        return threads;
    return std::max(1, (threads > 0 ? threads : processors) / instances);
}

} // namespace mm::lifecycle
