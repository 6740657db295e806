// Where a model computes. The one place that turns the configured word into a device: "auto", "cpu", "cuda" or
// "cuda:N". Asked for and missing is a Failure(DeviceUnavailable) with the reason; "auto" says what it took and why.
// Any thread.
#pragma once

#include <c10/core/Device.h>

#include <string>
#include <string_view>

namespace mm::worker {

struct DeviceChoice {
    c10::Device device = c10::Device(c10::DeviceType::CPU);
    std::string reason; // for the status: "auto: no CUDA device, libtorch_cuda.so is not installed"
};

DeviceChoice chooseDevice(std::string_view wanted);

} // namespace mm::worker
