// Any bytes as a safetensors file: either it is refused with a Failure, or every promise about its tensors holds.
#include "worker/model/safetensors_header.h"
#include "worker/runtime/failure.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const auto header = mm::worker::parseSafetensorsHeader(bytes, size, "fuzz.safetensors");
        std::uint64_t reached = header.dataBegin;
        for (const mm::worker::StoredTensor& tensor : header.tensors) {
            if (tensor.begin != reached || tensor.end < tensor.begin || tensor.end > size)
                std::abort();
            reached = tensor.end;
        }
        if (reached != size)
            std::abort();
    } catch (const mm::worker::Failure& failure) {
        if (failure.error.message.empty())
            std::abort();
    }
    return 0;
}
