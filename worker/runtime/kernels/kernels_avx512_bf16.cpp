#define MM_LANES 16
#include "worker/runtime/kernels/make_table.h"

namespace mm::worker::kernels {

extern const KernelTable kAvx512Bf16;
constinit const KernelTable kAvx512Bf16 = makeTable("avx512_bf16");

} // namespace mm::worker::kernels
