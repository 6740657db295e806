// The spellings of the public API's enums in JSON, YAML and text: "txt2embed" ↔ TASK_TYPE_TXT2EMBED and so on.
// Pure, any thread. Unknown spellings give nothing; priorities accept "medium" for "normal".
#pragma once

#include "modelmora/v1/common.pb.h"

#include <optional>
#include <string>
#include <string_view>

namespace mm {

std::string_view taskName(modelmora::v1::TaskType task);
std::optional<modelmora::v1::TaskType> taskFromName(std::string_view name);
// "txt2embed, img2embed, …" for error messages.
std::string allTaskNames();

std::string_view priorityName(modelmora::v1::Priority priority);
std::optional<modelmora::v1::Priority> priorityFromName(std::string_view name);

std::string_view stateName(modelmora::v1::ModelState state);

} // namespace mm
