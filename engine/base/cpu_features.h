// What this machine's processor can do, where more than one program decides by it. Pure, any thread.
#pragma once

namespace mm {

// The feature by which it multiplies bf16 natively, such as "avx512_bf16"; null where it does not. "auto" precision is
// bf16 there and fp32 elsewhere.
const char* nativeBf16();

} // namespace mm
