// The query of a URL, checked: unknown and repeated parameters are errors, and so are values of the wrong kind; all of
// them are collected. Plain value, one owner.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/json/field_errors.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::rest {

class Query {
public:
    Query(std::string_view query, const std::vector<std::string_view>& known);

    // The first of the names that is given.
    std::optional<std::string> text(std::initializer_list<std::string_view> names);
    std::int64_t integer(std::initializer_list<std::string_view> names, std::int64_t fallback, std::int64_t least,
                         std::int64_t most);
    bool flag(std::string_view name);
    void refuse(std::string_view name, std::string message) { m_errors.add({nullptr, name}, std::move(message)); }

    // After everything was asked for.
    [[nodiscard]] Result<void> check() const;

private:
    void take(std::string_view pair, const std::vector<std::string_view>& known);

    std::map<std::string, std::string, std::less<>> m_values;
    FieldErrors m_errors;
};

} // namespace mm::rest
