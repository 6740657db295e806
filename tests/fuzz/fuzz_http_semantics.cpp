// HTTP's small languages against any bytes: nothing may crash, what is chosen lies within what there is, and what is
// written can be read again. The first byte says which language, the rest is the text.
#include "engine/rest/semantics/accept.h"
#include "engine/rest/semantics/byte_range.h"
#include "engine/rest/semantics/content_coding.h"
#include "engine/rest/semantics/cors.h"
#include "engine/rest/semantics/entity_tag.h"
#include "engine/service/trace/trace_context.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace mm::rest::semantics;

void require(bool holds) {
    if (!holds)
        std::abort();
}

void readRange(std::string_view text, std::uint64_t size) {
    const RangeChoice choice = chooseRange(text, size);
    if (choice.kind == RangeChoice::Kind::Part)
        require(choice.first <= choice.last && choice.last < size);
}

void readTags(std::string_view text) {
    const auto condition = readTagCondition(text);
    if (!condition)
        return;
    require(condition->any || !condition->tags.empty());
    for (const EntityTag& tag : condition->tags) {
        const auto again = readEntityTag(toText(tag));
        require(again && again->opaque == tag.opaque && again->weak == tag.weak);
        require(matchesWeakly(*condition, tag));
    }
}

void readTrace(std::string_view text) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    const auto context =
        mm::service::readTraceContext(text.substr(0, line), text.substr(std::min(line + 1, text.size())));
    if (!context.isTraced())
        return;
    const auto again = mm::service::readTraceContext(mm::service::traceResponse(context), {});
    require(again.traceId == context.traceId && again.parentId == context.spanId);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
    case 0:
        (void)accepts(text, "application/json");
        break;
    case 1:
        (void)bestCoding(text);
        break;
    case 2:
        readTags(text);
        break;
    case 3:
        readRange(text, 0);
        readRange(text, data[0]);
        break;
    case 4:
        readTrace(text);
        break;
    default:
        (void)CorsPolicy::parse(text);
        break;
    }
    return 0;
}
