#define MM_LANES 4
#include "worker/runtime/kernels/make_table.h"

namespace mm::worker::kernels {

extern const KernelTable kPortable;
constinit const KernelTable kPortable = makeTable("portable");

} // namespace mm::worker::kernels
