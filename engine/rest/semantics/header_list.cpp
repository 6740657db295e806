#include "engine/rest/semantics/header_list.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>

namespace mm::rest::semantics {
namespace {

std::string* find(Answer& answer, std::string_view name) {
    for (auto& [known, value] : answer.headers)
        if (guard::equalsIgnoringCase(known, name))
            return &value;
    return nullptr;
}

} // namespace

std::string allOf(const guard::HttpRequest& request, std::string_view name) {
    std::string all;
    for (const auto& [known, value] : request.headers)
        if (known == name)
            all.append(all.empty() ? "" : ", ").append(value);
    return all;
}

std::string_view headerOf(const Answer& answer, std::string_view name) {
    const std::string* value = find(const_cast<Answer&>(answer), name);
    return value == nullptr ? std::string_view() : std::string_view(*value);
}

void setHeader(Answer& answer, std::string_view name, std::string value) {
    if (std::string* known = find(answer, name))
        *known = std::move(value);
    else
        answer.headers.emplace_back(name, std::move(value));
}

void addVary(Answer& answer, std::string_view name) {
    std::string* vary = find(answer, "Vary");
    if (vary == nullptr)
        answer.headers.emplace_back("Vary", name);
    else if (vary->find(name) == std::string::npos)
        vary->append(", ").append(name);
}

} // namespace mm::rest::semantics
