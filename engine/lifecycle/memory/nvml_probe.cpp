#include "engine/lifecycle/memory/nvml_probe.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <sstream>
#include <vector>

namespace mm::lifecycle {
namespace {

// The few declarations of the driver's library that are used here, by its documented binary interface.
using Device = void*;
using Status = int;
constexpr Status kSuccess = 0;
constexpr Status kTooSmall = 7; // the list of processes needs more room

struct MemoryInfo {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};
struct Utilization {
    unsigned gpu; // percent of the time
    unsigned memory;
};
constexpr int kOnDie = 0; // which of its sensors
struct ProcessInfo {
    unsigned pid;
    unsigned long long usedBytes; // all ones where the driver does not tell
    unsigned gpuInstance;
    unsigned computeInstance;
};
constexpr auto kNotTold = std::numeric_limits<unsigned long long>::max();

std::vector<std::string> wordsOf(const std::string& list) {
    std::vector<std::string> words;
    std::istringstream in(list);
    for (std::string word; std::getline(in, word, ',');)
        words.push_back(word);
    return words;
}

} // namespace

struct NvmlProbe::Library {
    struct Close {
        void operator()(void* opened) const { dlclose(opened); }
    };
    struct Gpu {
        std::string device; // "cuda:0"
        std::string name;
        Device handle;
    };

    ~Library() {
        if (started)
            shutdown();
    }

    template <typename Function>
    bool find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(handle.get(), name));
        return function != nullptr;
    }

    // What is missing, or empty.
    std::string start(const std::string& file) {
        handle.reset(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
        if (!handle)
            return "no NVIDIA driver: " + file + " is not installed";
        const bool complete = find(init, "nvmlInit_v2") && find(shutdown, "nvmlShutdown") &&
                              find(count, "nvmlDeviceGetCount_v2") && find(byIndex, "nvmlDeviceGetHandleByIndex_v2") &&
                              find(nameOf, "nvmlDeviceGetName") && find(memoryOf, "nvmlDeviceGetMemoryInfo");
        if (!complete)
            return file + " lacks functions that are needed; the NVIDIA driver is too old";
        find(uuidOf, "nvmlDeviceGetUUID");
        find(useOf, "nvmlDeviceGetUtilizationRates");
        find(temperatureOf, "nvmlDeviceGetTemperature");
        find(milliwattsOf, "nvmlDeviceGetPowerUsage");
        if (!find(processesOf, "nvmlDeviceGetComputeRunningProcesses_v3"))
            find(processesOf, "nvmlDeviceGetComputeRunningProcesses_v2");
        if (const Status status = init(); status != kSuccess)
            return file + " does not start (status " + std::to_string(status) + "); is the NVIDIA driver loaded?";
        started = true;
        return {};
    }

    // The driver's place of a word of CUDA_VISIBLE_DEVICES: a number, or how a GPU's UUID begins.
    [[nodiscard]] std::optional<unsigned> placeOf(const std::string& word, unsigned all) const {
        unsigned place = 0;
        const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), place);
        if (failure == std::errc{} && end == word.data() + word.size())
            return place < all ? std::optional(place) : std::nullopt;
        for (place = 0; word.starts_with("GPU-") && uuidOf != nullptr && place < all; ++place) {
            Device device = nullptr;
            std::array<char, 128> uuid{};
            if (byIndex(place, &device) == kSuccess && uuidOf(device, uuid.data(), uuid.size() - 1) == kSuccess &&
                std::string_view(uuid.data()).starts_with(word))
                return place;
        }
        return std::nullopt;
    }

    // As CUDA does, a word that names no GPU ends the list.
    void list(const std::optional<std::string>& visible) {
        unsigned all = 0;
        if (count(&all) != kSuccess)
            return;
        if (!visible)
            for (unsigned place = 0; place < all; ++place)
                add(place);
        for (const std::string& word : wordsOf(visible.value_or(""))) {
            const auto place = placeOf(word, all);
            if (!place)
                break;
            add(*place);
        }
    }

    void add(unsigned place) {
        Gpu gpu{"cuda:" + std::to_string(gpus.size()), {}, nullptr};
        if (byIndex(place, &gpu.handle) != kSuccess)
            return;
        std::array<char, 128> text{};
        if (nameOf(gpu.handle, text.data(), text.size() - 1) == kSuccess)
            gpu.name = text.data();
        gpus.push_back(std::move(gpu));
    }

    // All that compute on it; asked again with more room where the first list was too short.
    [[nodiscard]] std::vector<ProcessInfo> processes(Device device) const {
        std::vector<ProcessInfo> list(32);
        for (int attempt = 0; processesOf != nullptr && attempt < 3; ++attempt) {
            auto size = static_cast<unsigned>(list.size());
            const Status status = processesOf(device, &size, list.data());
            if (status == kSuccess) {
                list.resize(std::min<std::size_t>(size, list.size()));
                return list;
            }
            if (status != kTooSmall)
                break;
            list.resize(std::size_t{size} + 32);
        }
        return {};
    }

    std::unique_ptr<void, Close> handle;
    bool started = false;
    std::vector<Gpu> gpus;
    Status (*init)() = nullptr;
    Status (*shutdown)() = nullptr;
    Status (*count)(unsigned*) = nullptr;
    Status (*byIndex)(unsigned, Device*) = nullptr;
    Status (*nameOf)(Device, char*, unsigned) = nullptr;
    Status (*uuidOf)(Device, char*, unsigned) = nullptr;
    Status (*memoryOf)(Device, MemoryInfo*) = nullptr;
    Status (*useOf)(Device, Utilization*) = nullptr;
    Status (*temperatureOf)(Device, int, unsigned*) = nullptr;
    Status (*milliwattsOf)(Device, unsigned*) = nullptr;
    Status (*processesOf)(Device, unsigned*, ProcessInfo*) = nullptr;
};

NvmlProbe::NvmlProbe(const std::string& library, const std::optional<std::string>& visible)
    : m_library(std::make_unique<Library>()) {
    m_problem = m_library->start(library);
    if (m_problem.empty())
        m_library->list(visible);
    if (m_problem.empty() && m_library->gpus.empty())
        m_problem = "the NVIDIA driver shows no GPU to this program";
    if (!m_problem.empty())
        m_library.reset();
}

NvmlProbe::~NvmlProbe() = default;

std::vector<DeviceMemory> NvmlProbe::devices() {
    std::vector<DeviceMemory> all;
    if (!m_library)
        return all;
    for (const Library::Gpu& gpu : m_library->gpus) {
        MemoryInfo info{};
        // A GPU that has fallen off the bus stays listed, without memory.
        if (m_library->memoryOf(gpu.handle, &info) != kSuccess)
            info = {};
        all.push_back(
            {gpu.device, gpu.name, static_cast<std::int64_t>(info.total), static_cast<std::int64_t>(info.free)});
    }
    return all;
}

std::vector<GpuReading> NvmlProbe::readings() const {
    std::vector<GpuReading> all;
    if (!m_library)
        return all;
    constexpr double kPercent = 100;
    constexpr double kMilli = 1e-3;
    for (const Library::Gpu& gpu : m_library->gpus) {
        GpuReading reading{gpu.device, {}, {}, {}, {}};
        Utilization use{};
        MemoryInfo memory{};
        unsigned value = 0;
        if (m_library->useOf != nullptr && m_library->useOf(gpu.handle, &use) == kSuccess)
            reading.usePercent = use.gpu;
        if (m_library->memoryOf(gpu.handle, &memory) == kSuccess && memory.total > 0)
            reading.memoryPercent =
                kPercent * static_cast<double>(memory.total - memory.free) / static_cast<double>(memory.total);
        if (m_library->temperatureOf != nullptr && m_library->temperatureOf(gpu.handle, kOnDie, &value) == kSuccess)
            reading.celsius = value;
        if (m_library->milliwattsOf != nullptr && m_library->milliwattsOf(gpu.handle, &value) == kSuccess)
            reading.watts = value * kMilli;
        all.push_back(std::move(reading));
    }
    return all;
}

std::optional<ByDevice> NvmlProbe::processMemory(std::int64_t pid) {
    ByDevice bytes;
    if (!m_library)
        return bytes;
    for (const Library::Gpu& gpu : m_library->gpus)
        for (const ProcessInfo& process : m_library->processes(gpu.handle))
            if (process.pid == pid && process.usedBytes != kNotTold)
                addTo(bytes, {{gpu.device, static_cast<std::int64_t>(process.usedBytes)}});
    return bytes;
}

} // namespace mm::lifecycle
