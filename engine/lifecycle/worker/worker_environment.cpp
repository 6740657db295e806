#include "engine/lifecycle/worker/worker_environment.h"

#include <algorithm>
#include <array>

namespace mm::lifecycle {
namespace {

constexpr std::array kNames{"PATH",
                            "LANG",
                            "LANGUAGE",
                            "TZ",
                            "TMPDIR",
                            "LD_LIBRARY_PATH",
                            "CUDA_VISIBLE_DEVICES",
                            "ATEN_CPU_CAPABILITY",
                            "GLIBC_TUNABLES",
                            "ASAN_OPTIONS",
                            "LSAN_OPTIONS",
                            "TSAN_OPTIONS",
                            "UBSAN_OPTIONS"};
// Thread and kernel settings of the numeric libraries, locale, and what is meant for workers.
constexpr std::array kPrefixes{"LC_", "OMP_", "KMP_", "GOMP_", "MKL_", "ONEDNN_", "DNNL_", "MALLOC_", "MM_WORKER_"};

bool isAllowed(const QString& name) {
    return std::any_of(kNames.begin(), kNames.end(), [&](const char* each) { return name == QLatin1String(each); }) ||
           std::any_of(kPrefixes.begin(), kPrefixes.end(),
                       [&](const char* each) { return name.startsWith(QLatin1String(each)); });
}

} // namespace

QProcessEnvironment workerEnvironment(const QProcessEnvironment& engine) {
    QProcessEnvironment allowed;
    for (const QString& name : engine.keys())
        if (isAllowed(name))
            allowed.insert(name, engine.value(name));
    // As the driver's library numbers them, which is where the engine reads a GPU's memory.
    allowed.insert(QStringLiteral("CUDA_DEVICE_ORDER"), QStringLiteral("PCI_BUS_ID"));
    return allowed;
}

} // namespace mm::lifecycle
