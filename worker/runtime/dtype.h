// The precision a model computes in, and how "auto" is decided: bf16 where this CPU multiplies it natively (avx512_bf16
// or AMX), fp32 otherwise. Accumulators, layer norms and softmax are fp32 in every case. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace mm::worker {

enum class Dtype { Fp32, Bf16 };

struct DtypeChoice {
    Dtype dtype = Dtype::Fp32;
    std::string reason; // for the status: "auto: this CPU has avx512_bf16"
};

// "auto", "fp32" or "bf16"; anything else throws Failure(InvalidConfiguration).
DtypeChoice chooseDtype(std::string_view wanted);
std::string_view dtypeName(Dtype dtype);

} // namespace mm::worker
