#include "worker/runtime/dtype.h"

#include "engine/base/cpu_features.h"
#include "worker/runtime/failure.h"

namespace mm::worker {

DtypeChoice chooseDtype(std::string_view wanted) {
    if (wanted == "fp32")
        return {Dtype::Fp32, "configured"};
    if (wanted == "bf16")
        return {Dtype::Bf16, "configured"};
    if (!wanted.empty() && wanted != "auto")
        throw Failure(ErrorCode::InvalidConfiguration,
                      "dtype '" + std::string(wanted) + "' is not one of auto, fp32, bf16",
                      {{"dtype", std::string(wanted)}});
    if (const char* feature = nativeBf16())
        return {Dtype::Bf16, std::string("auto: this CPU has ") + feature};
    return {Dtype::Fp32, "auto: this CPU has no native bf16"};
}

std::string_view dtypeName(Dtype dtype) {
    return dtype == Dtype::Bf16 ? "bf16" : "fp32";
}

} // namespace mm::worker
