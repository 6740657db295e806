#include "worker/runtime/device.h"

#include "worker/runtime/failure.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include <charconv>
#include <mutex>

namespace mm::worker {

namespace {

struct CudaState {
    int devices = 0;
    std::string problem; // why there are none
};

// LibTorch's CUDA half is a library of its own, opened the first time somebody asks.
const CudaState& cuda() {
    static const CudaState state = [] {
        CudaState found;
        if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
            const char* text = dlerror();
            found.problem =
                std::string("LibTorch's CUDA library cannot be opened: ") + (text != nullptr ? text : "unknown reason");
            return found;
        }
        const auto& hooks = at::detail::getCUDAHooks();
        found.devices = hooks.hasCUDA() ? static_cast<int>(hooks.deviceCount()) : 0;
        if (found.devices == 0)
            found.problem = "LibTorch's CUDA library is there, but it sees no CUDA device (driver missing or no GPU)";
        return found;
    }();
    return state;
}

c10::Device cudaDevice(int index) {
    return {c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index)};
}

[[noreturn]] void refuse(std::string_view wanted) {
    throw Failure(ErrorCode::InvalidConfiguration,
                  "device '" + std::string(wanted) + "' is not one of auto, cpu, cuda, cuda:N",
                  {{"device", std::string(wanted)}});
}

int cudaIndex(std::string_view wanted) {
    constexpr std::string_view kPrefix = "cuda:";
    const std::string_view digits = wanted.substr(kPrefix.size());
    int index = -1;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (problem != std::errc{} || end != digits.data() + digits.size() || index < 0 || index > 127)
        refuse(wanted);
    return index;
}

} // namespace

DeviceChoice chooseDevice(std::string_view wanted) {
    if (wanted == "cpu")
        return {c10::Device(c10::DeviceType::CPU), "configured"};
    const bool automatic = wanted.empty() || wanted == "auto";
    if (!automatic && wanted != "cuda" && !wanted.starts_with("cuda:"))
        refuse(wanted);
    const int index = wanted.starts_with("cuda:") ? cudaIndex(wanted) : 0;
    if (automatic && cuda().devices == 0)
        return {c10::Device(c10::DeviceType::CPU), "auto: no CUDA. " + cuda().problem};
    if (automatic)
        return {cudaDevice(0), "auto: the first of " + std::to_string(cuda().devices) + " CUDA devices"};
    if (cuda().devices == 0)
        throw Failure(ErrorCode::DeviceUnavailable,
                      "device '" + std::string(wanted) + "' was asked for, but " + cuda().problem +
                          ". Set the model's device to 'cpu' or 'auto', or install the CUDA libraries.",
                      {{"device", std::string(wanted)}});
    if (index >= cuda().devices)
        throw Failure(
            ErrorCode::DeviceUnavailable,
            "device '" + std::string(wanted) +
                "' was asked for, but the CUDA devices here are cuda:0 to cuda:" + std::to_string(cuda().devices - 1),
            {{"device", std::string(wanted)}, {"devices", std::int64_t{cuda().devices}}});
    return {cudaDevice(index), "configured"};
}

} // namespace mm::worker
