// A model as the native API shows it, with the tag that names this state of it. Pure, any thread.
#pragma once

#include "engine/rest/answer.h"
#include "engine/rest/semantics/entity_tag.h"
#include "modelmora/v1/registry.pb.h"

#include <cstdint>
#include <optional>

namespace mm::rest::native {

// Strong: "<revision>-<hash of what is shown>", since a model that was deleted and registered anew counts from 1 again.
[[nodiscard]] semantics::EntityTag modelTag(const modelmora::v1::Model& model);
// The revision that such a tag names; nothing for another tag.
[[nodiscard]] std::optional<std::int64_t> revisionOf(const semantics::EntityTag& tag);

[[nodiscard]] Answer modelAnswer(const modelmora::v1::Model& model);

} // namespace mm::rest::native
