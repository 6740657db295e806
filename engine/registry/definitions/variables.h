// "${NAME}" and "${NAME:-default}" in definitions; "$$" is a plain "$". A name without a value and without a default is
// an error that names it. What is put in is not looked at again. Pure but for the look-up; any thread.
#pragma once

#include "engine/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mm::registry {

using Variables = std::function<std::optional<std::string>(const std::string& name)>;
Variables environmentVariables();

// As in a shell, ":-" also stands in for an empty value.
Result<std::string> expandVariables(std::string_view text, const Variables& variables);

} // namespace mm::registry
