// Bodies that say they are gzip or deflate, against any bytes: never more than the limit comes out, and what was packed
// here comes back as it was. The first byte says which coding, the rest is the body.
#include "engine/rest/semantics/content_coding.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace mm::rest::semantics;

constexpr std::int64_t kLimit = 1 << 16;

void require(bool holds) {
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Coding coding = data[0] % 2 == 0 ? Coding::Gzip : Coding::Deflate;
    const mm::Result<std::string> plain = unpacked(body, coding, kLimit);
    require(!plain || plain->size() <= static_cast<std::size_t>(kLimit));
    const mm::Result<std::string> again = unpacked(packed(body, coding), coding, kLimit);
    require(again.ok() == (body.size() <= static_cast<std::size_t>(kLimit)));
    require(!again || *again == body);
    return 0;
}
