// A stand-in for the NVIDIA driver's library: two GPUs whose numbers and processes are fixed, or, with MM_FAKE_NVML
// set, a driver that does not start ("broken") or tells nothing of processes ("silent"). Opened at run time by the
// tests.
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

bool is(std::string_view mode) {
    const char* text = std::getenv("MM_FAKE_NVML");
    return text != nullptr && mode == text;
}

int gpus[2];

struct MemoryInfo {
    unsigned long long total, free, used;
};
struct Utilization {
    unsigned gpu, memory;
};
struct ProcessInfo {
    unsigned pid;
    unsigned long long used;
    unsigned gpuInstance, computeInstance;
};

} // namespace

extern "C" {

int nvmlInit_v2() {
    return is("broken") ? 9 : 0;
}
int nvmlShutdown() {
    return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = 2;
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    if (index > 1)
        return 2;
    *device = &gpus[index];
    return 0;
}
int nvmlDeviceGetName(void* device, char* name, unsigned length) {
    std::strncpy(name, device == &gpus[0] ? "Fake GPU A" : "Fake GPU B", length);
    return 0;
}
int nvmlDeviceGetUUID(void* device, char* uuid, unsigned length) {
    std::strncpy(uuid, device == &gpus[0] ? "GPU-aaaa-1111" : "GPU-bbbb-2222", length);
    return 0;
}
int nvmlDeviceGetMemoryInfo(void* device, MemoryInfo* info) {
    *info = device == &gpus[0] ? MemoryInfo{8'000, 6'000, 2'000} : MemoryInfo{16'000, 16'000, 0};
    return 0;
}
// The second one has no sensors, as some have not.
int nvmlDeviceGetUtilizationRates(void* device, Utilization* use) {
    *use = device == &gpus[0] ? Utilization{40, 10} : Utilization{20, 0};
    return 0;
}
int nvmlDeviceGetTemperature(void* device, int sensor, unsigned* celsius) {
    *celsius = 61;
    return device == &gpus[0] && sensor == 0 ? 0 : 3;
}
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
    *milliwatts = 125'500;
    return device == &gpus[0] ? 0 : 3;
}
// Forty processes hold 10 bytes each on the first GPU, so that the first list asked for is too short.
int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, ProcessInfo* list) {
    const unsigned there = device == &gpus[0] ? 40 : 0;
    const unsigned room = *count;
    *count = there;
    if (room < there)
        return 7;
    for (unsigned i = 0; i < there; ++i)
        list[i] = {100 + i, is("silent") ? ~0ULL : 10ULL + i, 0, 0};
    return 0;
}

} // extern "C"
