// Whether this is a sanitizer's build. Its own bookkeeping grows with every allocation, so a test does not judge the
// process's memory in one; it looks for leaks itself.
#pragma once

namespace mm::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

} // namespace mm::test
