#include "engine/dialects/oip/input_elements.h"

#include <cstring>

namespace mm::dialects::oip {
namespace {

// Memory and wire are both little-endian.
template <typename T>
std::vector<std::int64_t> widened(std::string_view raw) {
    std::vector<std::int64_t> values(raw.size() / sizeof(T));
    for (std::size_t i = 0; i < values.size(); ++i) {
        T value{};
        std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T));
        values[i] = static_cast<std::int64_t>(value);
    }
    return values;
}

std::size_t widthOf(std::string_view datatype) {
    return datatype.ends_with("64") ? 8 : 4;
}

std::vector<std::int64_t> fromRaw(std::string_view datatype, std::string_view raw) {
    if (datatype == "INT32")
        return widened<std::int32_t>(raw);
    if (datatype == "UINT32")
        return widened<std::uint32_t>(raw);
    return widened<std::int64_t>(raw);
}

} // namespace

Error wrongCount(const InputTensor& tensor, std::int64_t found, std::int64_t wanted) {
    return wrongInput(tensor, "holds " + std::to_string(found) + (found == 1 ? " element" : " elements") +
                                  ", but its shape " + shapeText(tensor.shape) + " means " + std::to_string(wanted));
}

Error wrongData(const InputTensor& tensor) {
    const bool isEmpty = std::holds_alternative<std::monostate>(tensor.data);
    return wrongInput(tensor, isEmpty ? "has no data of its datatype " + tensor.datatype
                                      : "has data that is not of its datatype " + tensor.datatype);
}

Error notUtf8(const InputTensor& tensor, std::int64_t index, std::size_t byte) {
    return wrongInput(tensor, "is not UTF-8 in element " + std::to_string(index) + " at byte " + std::to_string(byte) +
                                  "; texts travel as UTF-8");
}

Error cutOff(const InputTensor& tensor, std::size_t offset) {
    return wrongInput(tensor, "is cut off in the element that begins at byte " + std::to_string(offset) +
                                  " of its data; each element is its length in four little-endian bytes and then its "
                                  "bytes");
}

bool isIntegerType(std::string_view datatype) {
    return datatype == kInt64 || datatype == "INT32" || datatype == "UINT64" || datatype == "UINT32";
}

Result<std::vector<std::int64_t>> integers(InputTensor& tensor, std::int64_t count) {
    if (auto* values = std::get_if<std::vector<std::int64_t>>(&tensor.data)) {
        if (static_cast<std::int64_t>(values->size()) != count)
            return wrongCount(tensor, static_cast<std::int64_t>(values->size()), count);
        return std::move(*values);
    }
    const auto* raw = std::get_if<std::string_view>(&tensor.data);
    if (raw == nullptr)
        return wrongData(tensor);
    const std::size_t wanted = static_cast<std::size_t>(count) * widthOf(tensor.datatype);
    if (raw->size() != wanted)
        return wrongInput(tensor, "has " + std::to_string(raw->size()) + " bytes of data, but its shape " +
                                      shapeText(tensor.shape) + " of " + tensor.datatype + " takes " +
                                      std::to_string(wanted));
    return fromRaw(tensor.datatype, *raw);
}

} // namespace mm::dialects::oip
