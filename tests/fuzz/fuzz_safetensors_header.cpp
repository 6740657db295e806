// Any bytes as a safetensors file: either it is refused with a reason, or every promise about its tensors holds.
#include "engine/files/safetensors_header.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto header = mm::parseSafetensorsHeader(bytes, size, "fuzz.safetensors");
    if (!header.ok()) {
        if (header.error().message.empty())
            std::abort();
        return 0;
    }
    std::uint64_t reached = header->dataBegin;
    for (const mm::StoredTensor& tensor : header->tensors) {
        if (tensor.begin != reached || tensor.end < tensor.begin || tensor.end > size)
            std::abort();
        reached = tensor.end;
    }
    if (reached != size)
        std::abort();
    return 0;
}
