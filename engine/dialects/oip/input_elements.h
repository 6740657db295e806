// The elements of an input tensor, checked on the way: number, datatype, UTF-8. Pure, any thread.
#pragma once

#include "engine/dialects/oip/byte_strings.h"
#include "engine/dialects/oip/tensor.h"
#include "engine/ipc/utf8.h"

#include <vector>

namespace mm::dialects::oip {

// "holds 3 elements, but its shape [2] means 2"
Error wrongCount(const InputTensor& tensor, std::int64_t found, std::int64_t wanted);
// Where the data has no form of the tensor's datatype, or is not there.
Error wrongData(const InputTensor& tensor);
Error notUtf8(const InputTensor& tensor, std::int64_t index, std::size_t byte);
Error cutOff(const InputTensor& tensor, std::size_t offset);

// add(index, std::string&&) for each text of a BYTES tensor with `count` elements; its strings are moved from.
template <typename Add>
Result<void> eachText(InputTensor& tensor, std::int64_t count, Add add) {
    std::int64_t index = 0;
    const auto take = [&](std::string&& text) -> Result<void> {
        if (const std::size_t bad = firstInvalidUtf8(text); bad != std::string_view::npos)
            return notUtf8(tensor, index, bad);
        add(index++, std::move(text));
        return {};
    };
    if (auto* strings = std::get_if<std::vector<std::string>>(&tensor.data)) {
        if (static_cast<std::int64_t>(strings->size()) != count)
            return wrongCount(tensor, static_cast<std::int64_t>(strings->size()), count);
        for (std::string& text : *strings)
            MM_CHECK(take(std::move(text)));
        return {};
    }
    const auto* raw = std::get_if<std::string_view>(&tensor.data);
    if (raw == nullptr)
        return wrongData(tensor);
    ByteStrings bytes(*raw);
    while (index < count) {
        const auto element = bytes.next();
        if (!element)
            return bytes.atEnd() ? wrongCount(tensor, index, count) : cutOff(tensor, bytes.offset());
        MM_CHECK(take(std::string(*element)));
    }
    if (!bytes.atEnd())
        return wrongInput(tensor, "has " + std::to_string(raw->size() - bytes.offset()) +
                                      " bytes behind the elements that its shape " + shapeText(tensor.shape) +
                                      " means");
    return {};
}

// All elements of a tensor of INT64, INT32, UINT64 or UINT32, in their order. Those above INT64's range become -1,
// which no tensor here may hold.
Result<std::vector<std::int64_t>> integers(InputTensor& tensor, std::int64_t count);
[[nodiscard]] bool isIntegerType(std::string_view datatype);

} // namespace mm::dialects::oip
