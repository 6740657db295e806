#include "engine/base/cpu_features.h"

namespace mm {

const char* nativeBf16() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bf16"))
        return "avx512_bf16";
#endif
    return nullptr;
}

} // namespace mm
