#include "worker/session/load_options.h"

#include "worker/runtime/failure.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace mm::worker {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

const Value* find(const Struct& config, const std::string& name) {
    const auto found = config.fields().find(name);
    return found == config.fields().end() || found->second.kind_case() == Value::kNullValue ? nullptr : &found->second;
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    throw Failure(ErrorCode::InvalidConfiguration, "config." + name + ": " + why, {{"setting", "config." + name}});
}

std::string text(const Struct& config, const std::string& name, const std::string& fallback) {
    const Value* value = find(config, name);
    if (value == nullptr)
        return fallback;
    if (value->kind_case() != Value::kStringValue)
        refuse(name, "a text is needed");
    return value->string_value();
}

std::optional<int> count(const Struct& config, const std::string& name) {
    constexpr double kMost = 1'000'000;
    const Value* value = find(config, name);
    if (value == nullptr)
        return std::nullopt;
    const double number = value->kind_case() == Value::kNumberValue ? value->number_value() : 0;
    if (!(number >= 1 && number <= kMost) || std::nearbyint(number) != number)
        refuse(name, "a whole number from 1 to 1000000 is needed");
    return static_cast<int>(number);
}

// The registry's rules say how many and how long; here it is only seen to that they are texts.
std::vector<std::string> texts(const Struct& config, const std::string& name) {
    std::vector<std::string> all;
    const Value* value = find(config, name);
    if (value == nullptr)
        return all;
    if (value->kind_case() != Value::kListValue)
        refuse(name, "a list of texts is needed");
    for (const Value& each : value->list_value().values()) {
        if (each.kind_case() != Value::kStringValue)
            refuse(name, "a list of texts is needed");
        all.push_back(each.string_value());
    }
    return all;
}

// The engine's reservation and the operator's own limit: the smaller counts.
std::int64_t memoryLimit(const modelmora::worker::v1::Load& load) {
    const std::int64_t reserved = std::max<std::int64_t>(0, load.memory_limit_bytes());
    const std::int64_t configured = std::int64_t(count(load.config(), "memory_limit_mb").value_or(0)) << 20;
    return reserved > 0 && configured > 0 ? std::min(reserved, configured) : std::max(reserved, configured);
}

} // namespace

LoadOptions toLoadOptions(const modelmora::worker::v1::Load& load) {
    LoadOptions options;
    options.folder = load.path();
    options.task = load.task_type();
    options.dtype = text(load.config(), "dtype", options.dtype);
    options.device = text(load.config(), "device", options.device);
    options.maxLength = count(load.config(), "max_length");
    options.maxBatchTokens = count(load.config(), "batch_max_tokens").value_or(options.maxBatchTokens);
    options.maxBatchSize = count(load.config(), "batch_size");
    options.warmUpTexts = texts(load.config(), "warmup");
    options.memoryLimitBytes = memoryLimit(load);
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    options.threads = load.threads() > 0 ? load.threads() : count(load.config(), "threads").value_or(cores);
    return options;
}

} // namespace mm::worker
