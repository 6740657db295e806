#define MM_LANES 16
#include "worker/runtime/kernels/make_table.h"

namespace mm::worker::kernels {

extern const KernelTable kAvx512;
constinit const KernelTable kAvx512 = makeTable("avx512");

} // namespace mm::worker::kernels
