#include "engine/dialects/oip/tensor.h"

namespace mm::dialects::oip {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 31;

} // namespace

std::string shapeText(const Shape& shape) {
    std::string text = "[";
    for (const std::int64_t dimension : shape)
        text += (text.size() > 1 ? "," : "") + std::to_string(dimension);
    return text + ']';
}

Result<std::int64_t> elementCount(const InputTensor& tensor) {
    std::int64_t count = 1;
    for (const std::int64_t dimension : tensor.shape) {
        if (dimension < 0)
            return wrongInput(tensor, "has the shape " + shapeText(tensor.shape) +
                                          "; the dimensions of a request's tensor are never negative");
        if (dimension > kMostElements || (count *= dimension) > kMostElements)
            return wrongInput(tensor, "has more elements in its shape than any message can hold");
    }
    return count;
}

Error wrongInput(const InputTensor& tensor, const std::string& what) {
    return {ErrorCode::InvalidInput, "inference input '" + tensor.name + "' " + what, {{"tensor", tensor.name}}};
}

} // namespace mm::dialects::oip
