// Tensors of the Open Inference Protocol, as both faces hand them over and get them back. Plain values.
#pragma once

#include "engine/base/result.h"

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mm::dialects::oip {

inline constexpr std::string_view kBytes = "BYTES";
inline constexpr std::string_view kInt64 = "INT64";
inline constexpr std::string_view kFp32 = "FP32";

using Shape = std::vector<std::int64_t>;

// What came for a tensor: nothing, its bytes as the binary extension has them (they outlive the tensor), or its
// elements.
using TensorData = std::variant<std::monostate, std::string_view, std::vector<std::string>, std::vector<std::int64_t>>;

struct InputTensor {
    std::string name;
    std::string datatype;
    Shape shape;
    TensorData data;
    google::protobuf::Struct parameters;
};

struct RequestedOutput {
    std::string name;
    bool binary = false; // over REST: after the JSON, as bytes
    google::protobuf::Struct parameters;
};

struct OutputTensor {
    std::string name;
    std::string_view datatype; // text that lives for ever
    Shape shape;
    bool binary = false; // as it was asked for
    std::string own;
    const std::string* shared = nullptr; // instead of `own`: bytes of the response, which outlives the tensor

    // Little-endian, row after row; texts each behind its length.
    [[nodiscard]] const std::string& bytes() const { return shared != nullptr ? *shared : own; }
};

// "[2,3]"
std::string shapeText(const Shape& shape);

// How many elements a tensor of that shape has; InvalidInput for a dimension below 0 or a product that no message
// holds.
Result<std::int64_t> elementCount(const InputTensor& tensor);

// InvalidInput: "inference input 'text' " + what.
Error wrongInput(const InputTensor& tensor, const std::string& what);

} // namespace mm::dialects::oip
