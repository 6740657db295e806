#include "engine/registry/definitions/variables.h"

#include <algorithm>
#include <cstdlib>

namespace mm::registry {
namespace {

Error badVariable(const std::string& message, const std::string& name) {
    return {ErrorCode::InvalidConfiguration, message, {{"variable", name}}};
}

bool isName(std::string_view name) {
    const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    return !name.empty() && isLetter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return isLetter(c) || (c >= '0' && c <= '9'); });
}

// The value for what stands between "${" and "}".
Result<std::string> valueOf(std::string_view inside, const Variables& variables) {
    constexpr std::string_view kDefault = ":-";
    const auto at = inside.find(kDefault);
    const std::string name(inside.substr(0, at));
    if (!isName(name))
        return badVariable("'${" + std::string(inside) +
                               "}' does not name a variable; write ${NAME} or ${NAME:-default}, "
                               "and $$ for a plain $",
                           name);
    const auto value = variables(name);
    if (at != std::string_view::npos)
        return value && !value->empty() ? *value : std::string(inside.substr(at + kDefault.size()));
    if (!value)
        return badVariable(
            "the environment variable " + name + " is not set; set it, or write ${" + name + ":-default}", name);
    return *value;
}

} // namespace

Variables environmentVariables() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

Result<std::string> expandVariables(std::string_view text, const Variables& variables) {
    std::string expanded;
    while (!text.empty()) {
        const auto dollar = text.find('$');
        expanded += text.substr(0, dollar);
        if (dollar == std::string_view::npos)
            break;
        text.remove_prefix(dollar + 1);
        if (text.starts_with('$')) {
            expanded += '$';
            text.remove_prefix(1);
        } else if (text.starts_with('{')) {
            const auto end = text.find('}');
            if (end == std::string_view::npos)
                return badVariable("'${' has no '}'", {});
            MM_TRY(const std::string value, valueOf(text.substr(1, end - 1), variables));
            expanded += value;
            text.remove_prefix(end + 1);
        } else {
            expanded += '$';
        }
    }
    return expanded;
}

} // namespace mm::registry
