#define MM_LANES 8
#include "worker/runtime/kernels/make_table.h"

namespace mm::worker::kernels {

extern const KernelTable kAvx2;
constinit const KernelTable kAvx2 = makeTable("avx2");

} // namespace mm::worker::kernels
