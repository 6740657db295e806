#include "engine/rest/routes/native/models/model_json.h"

#include "engine/rest/json/proto_writer.h"

#include <charconv>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using semantics::EntityTag;

EntityTag tagOf(const v1::Model& model, const std::string& json) {
    return {std::to_string(model.revision()) + '-' + semantics::tagOfContent(json).opaque, false};
}

} // namespace

EntityTag modelTag(const v1::Model& model) {
    return tagOf(model, toJson(model));
}

std::optional<std::int64_t> revisionOf(const EntityTag& tag) {
    std::int64_t revision = 0;
    const char* const end = tag.opaque.data() + tag.opaque.size();
    const auto [at, failure] = std::from_chars(tag.opaque.data(), end, revision);
    if (tag.weak || failure != std::errc() || revision < 1 || at == end || *at != '-')
        return std::nullopt;
    return revision;
}

Answer modelAnswer(const v1::Model& model) {
    Answer answer{200, toJson(model)};
    answer.headers.emplace_back("ETag", semantics::toText(tagOf(model, answer.body)));
    return answer;
}

} // namespace mm::rest::native
