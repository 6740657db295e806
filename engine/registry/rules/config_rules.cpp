#include "engine/registry/rules/config_rules.h"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace mm::registry {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kLargestInteger = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMostBytes = 64UL * 1024;
constexpr int kDeepest = 32;
constexpr int kMostWarmupTexts = 16;

struct IntegerRule {
    std::string_view key;
    double smallest;
    double largest;
};
constexpr std::array<IntegerRule, 9> kIntegers{{
    {"threads", 1, 256},
    {"max_length", 1, kLargestInteger},
    {"batch_size", 1, 4096},
    {"batch_max_wait_ms", 0, 10'000},
    {"batch_max_tokens", 1, kLargestInteger},
    {"memory_limit_mb", 1, 1'000'000},
    {"vector_size", 1, kLargestInteger},
    {"instances", 1, 16},
    {"keep_alive_seconds", -1, 31'536'000},
}};
constexpr std::array<std::string_view, 3> kBooleans{"normalize", "pinned", "preload"};
constexpr std::array<std::string_view, 1> kTexts{"prompt_name"};

std::string kindOf(const Value& value) {
    switch (value.kind_case()) {
    case Value::kNullValue:
        return "null";
    case Value::kNumberValue:
        return "a number";
    case Value::kStringValue:
        return "a string";
    case Value::kBoolValue:
        return "true or false";
    case Value::kStructValue:
        return "an object";
    case Value::kListValue:
        return "a list";
    case Value::KIND_NOT_SET:
        break;
    }
    return "nothing";
}

std::string inWords(double number) {
    std::string text = std::to_string(number);
    return number == std::floor(number) && text.find('.') != std::string::npos ? text.substr(0, text.find('.')) : text;
}

std::optional<std::string> integerProblem(const IntegerRule& rule, const Value& value) {
    if (value.kind_case() != Value::kNumberValue)
        return "must be a whole number, not " + kindOf(value);
    const double number = value.number_value();
    if (number == std::floor(number) && number >= rule.smallest && number <= rule.largest)
        return std::nullopt;
    if (rule.largest == kLargestInteger && number < rule.smallest)
        return "must be a whole number greater than 0, not " + inWords(number);
    return "must be a whole number from " + inWords(rule.smallest) + " to " + inWords(rule.largest) + ", not " +
           inWords(number);
}

std::optional<std::string> choiceProblem(const Value& value, bool allowed, const std::string& choices) {
    if (value.kind_case() != Value::kStringValue)
        return "must be one of " + choices + ", not " + kindOf(value);
    if (!allowed)
        return "must be one of " + choices + ", not '" + value.string_value().substr(0, 40) + "'";
    return std::nullopt;
}

// Samples that the worker computes at load.
std::optional<std::string> warmupProblem(const Value& value) {
    if (value.kind_case() != Value::kListValue)
        return "must be a list of texts, not " + kindOf(value);
    const auto& texts = value.list_value().values();
    if (texts.size() > kMostWarmupTexts)
        return "must have at most " + std::to_string(kMostWarmupTexts) + " texts, not " + std::to_string(texts.size());
    for (const Value& text : texts)
        if (text.kind_case() != Value::kStringValue || text.string_value().empty())
            return "must be a list of texts that are not empty, but one is " +
                   (text.kind_case() == Value::kStringValue ? "an empty string" : kindOf(text));
    return std::nullopt;
}

std::optional<std::string> problemOf(std::string_view key, const Value& value) {
    const std::string& text = value.string_value();
    if (key == "dtype")
        return choiceProblem(value, text == "auto" || text == "fp32" || text == "bf16", "auto, fp32, bf16");
    if (key == "device")
        return choiceProblem(value, isDevice(text), kDevices);
    if (key == "warmup")
        return warmupProblem(value);
    for (const IntegerRule& rule : kIntegers)
        if (rule.key == key)
            return integerProblem(rule, value);
    for (const std::string_view known : kBooleans)
        if (known == key && value.kind_case() != Value::kBoolValue)
            return "must be true or false, not " + kindOf(value);
    for (const std::string_view known : kTexts)
        if (known == key && value.kind_case() != Value::kStringValue)
            return "must be a string, not " + kindOf(value);
    return std::nullopt;
}

// Whether everything in it can be written as JSON and read back: finite numbers, bounded depth, no value left unset.
bool isStorable(const Value& value, int depth) {
    if (depth > kDeepest || value.kind_case() == Value::KIND_NOT_SET)
        return false;
    if (value.kind_case() == Value::kNumberValue)
        return std::isfinite(value.number_value());
    for (const Value& item : value.list_value().values())
        if (!isStorable(item, depth + 1))
            return false;
    for (const auto& [key, member] : value.struct_value().fields())
        if (!isStorable(member, depth + 1))
            return false;
    return true;
}

} // namespace

bool isDevice(std::string_view text) {
    if (text == "auto" || text == "cpu" || text == "cuda")
        return true;
    constexpr std::string_view kPrefix = "cuda:";
    const std::string_view index = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : std::string_view();
    return !index.empty() && index.size() <= 3 && index.find_first_not_of("0123456789") == std::string_view::npos;
}

void checkConfig(const Struct& config, FieldErrors& errors) {
    if (config.ByteSizeLong() > kMostBytes) {
        errors.add("config", "is larger than " + std::to_string(kMostBytes / 1024) + " KiB");
        return;
    }
    for (const auto& [key, value] : config.fields()) {
        const std::string field = "config." + key.substr(0, kLongestName);
        if (!isStorable(value, 0))
            errors.add(field, "has a number that is not finite, a value that is not set, or more than " +
                                  std::to_string(kDeepest) + " levels");
        else if (const auto problem = problemOf(key, value))
            errors.add(field, *problem);
    }
}

void checkResources(const modelmora::v1::ResourceRequirements& resources, FieldErrors& errors) {
    const auto check = [&errors](const char* name, std::int32_t value, const char* rule) {
        if (value < 0)
            errors.add(std::string("resource_requirements.") + name, rule + (", not " + std::to_string(value)));
    };
    check("memory_mb", resources.memory_mb(), "must be greater than 0");
    check("gpu_vram_mb", resources.gpu_vram_mb(), "must be 0 or more");
    check("cpu_threads", resources.cpu_threads(), "must be greater than 0");
}

} // namespace mm::registry
