#include "engine/dialects/oip/infer_parameters.h"

#include "engine/ipc/names.h"

#include <array>
#include <cmath>
#include <string>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;
using google::protobuf::Value;

constexpr double kMicroseconds = 1e6;
constexpr double kLongestSeconds = 600;

Error wrongParameter(const std::string& name, const std::string& what) {
    return {ErrorCode::InvalidInput, "inference parameter '" + name + "' " + what, {{"parameter", name}}};
}

Result<void> applyPriority(const Value& value, v1::InferenceRequest& out) {
    constexpr std::array kLevels{v1::PRIORITY_UNSPECIFIED, v1::PRIORITY_CRITICAL, v1::PRIORITY_HIGH,
                                 v1::PRIORITY_NORMAL, v1::PRIORITY_LOW};
    if (value.kind_case() == Value::kStringValue)
        if (const auto named = priorityFromName(value.string_value())) {
            out.set_priority(*named);
            return {};
        }
    const double number = value.kind_case() == Value::kNumberValue ? value.number_value() : -1;
    for (std::size_t level = 0; level < kLevels.size(); ++level)
        if (number == static_cast<double>(level)) {
            out.set_priority(kLevels[level]);
            return {};
        }
    return wrongParameter("priority", "must be 1 (critical), 2 (high), 3 (normal) or 4 (low), or 0 for the default");
}

Result<void> applyTimeout(const Value& value, v1::InferenceRequest& out) {
    const double micros = value.kind_case() == Value::kNumberValue ? value.number_value() : -1;
    if (!(micros >= 0) || micros > kLongestSeconds * kMicroseconds || micros != std::floor(micros))
        return wrongParameter("timeout", "must be a whole number of microseconds up to 600000000 (ten minutes), or 0 "
                                         "for the default");
    out.set_timeout_seconds(static_cast<std::int32_t>(std::ceil(micros / kMicroseconds)));
    return {};
}

bool isUnset(const Value& value) {
    switch (value.kind_case()) {
    case Value::kNumberValue:
        return value.number_value() == 0;
    case Value::kStringValue:
        return value.string_value().empty();
    case Value::kBoolValue:
        return !value.bool_value();
    default:
        return value.kind_case() == Value::kNullValue;
    }
}

Result<void> applyBinary(const std::string& name, const Value& value, bool& out) {
    if (value.kind_case() != Value::kBoolValue)
        return wrongParameter(name, "must be true or false");
    out = value.bool_value();
    return {};
}

Result<void> applyOne(const std::string& name, Value& value, InferCall& call, v1::InferenceRequest& out) {
    if (value.kind_case() == Value::kNullValue)
        return {};
    if (name == "priority")
        return applyPriority(value, out);
    if (name == "timeout")
        return applyTimeout(value, out);
    if (name == "sequence_id" || name == "sequence_start" || name == "sequence_end") {
        if (isUnset(value))
            return {};
        return wrongParameter(name,
                              "cannot be honoured: models keep nothing from one request to the next. Leave it out");
    }
    if (name == "binary_data_output")
        return applyBinary(name, value, call.allBinary);
    if (name == "triton_enable_empty_final_response") // every answer here is the final one, and says so
        return {};
    if (name.starts_with("triton_"))
        return wrongParameter(name, "is not known; names that begin with \"triton_\" are reserved");
    (*out.mutable_parameters()->mutable_fields())[name].Swap(&value);
    return {};
}

// What a tensor's parameter means where it is not one that is known.
Error wrongTensorParameter(const std::string& tensor, const std::string& name) {
    std::string what = "is not known";
    if (name.starts_with("shared_memory_"))
        what = "is not supported: tensors travel within the request and its answer, not through shared memory";
    else if (name == "classification")
        what = "is not supported: ask for the outputs label and score of a model that classifies, with the request's "
               "parameter top_k";
    return {ErrorCode::InvalidInput,
            "parameter '" + name + "' of tensor '" + tensor + "' " + what,
            {{"parameter", name}, {"tensor", tensor}}};
}

// How some clients say that their texts are plain texts, or that arrays are arrays.
bool isPlainContent(const std::string& name, const Value& value) {
    return name == "content_type" && (value.string_value() == "str" || value.string_value() == "np");
}

} // namespace

Result<void> applyParameters(InferCall& call, v1::InferenceRequest& out) {
    google::protobuf::Struct parameters;
    parameters.Swap(&call.parameters);
    for (auto& [name, value] : *parameters.mutable_fields())
        MM_CHECK(applyOne(name, value, call, out));
    return {};
}

Result<void> applyTensorParameters(InferCall& call) {
    for (const InputTensor& tensor : call.inputs)
        for (const auto& [name, value] : tensor.parameters.fields())
            if (!isPlainContent(name, value))
                return wrongTensorParameter(tensor.name, name);
    for (RequestedOutput& output : call.outputs) {
        output.binary = call.allBinary;
        for (const auto& [name, value] : output.parameters.fields()) {
            if (name == "binary_data") {
                MM_CHECK(applyBinary(name, value, output.binary));
            } else if (!isPlainContent(name, value)) {
                return wrongTensorParameter(output.name, name);
            }
        }
    }
    return {};
}

} // namespace mm::dialects::oip
